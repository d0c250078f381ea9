//! `published`: what the target serves is what its discovery endpoints name.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_true};
use crate::check::place::clip;
use crate::check::subject;
use crate::scim::resource::member;
use crate::scim::urn;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "published"
    }

    fn doc(&self) -> &'static str {
        "`true`: a list of schemas holds every schema that a resource type names; another list stands at the endpoint of a published resource type."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_true(argument)
    }

    fn judge(&self, _: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        let body = match subject::success_body(exchange) {
            Ok(body) => body,
            Err(judgement) => return judgement,
        };
        if !subject::is_list(body) {
            return Judgement::Inapplicable(String::from("the answer is no list"));
        }
        if subject::endpoint(exchange).eq_ignore_ascii_case("Schemas") {
            return schemas(body, context);
        }
        let types = &context.capabilities.resource_types;
        if subject::is_resource_endpoint(exchange, context) {
            return Judgement::Held;
        }
        let known: Vec<&str> = types.iter().map(|it| it.endpoint.as_str()).collect();
        Judgement::broken(
            "request.path",
            clip(&format!("one of {}", known.join(", "))),
            clip(&exchange.request.path),
        )
    }
}

/// Every schema that a resource type names is in the list.
fn schemas(body: &Value, context: &Context<'_>) -> Judgement {
    let listed: Vec<&str> = member(body, "Resources")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|schema| member(schema, "id")?.as_str())
        .collect();
    let missing = context
        .capabilities
        .resource_types
        .iter()
        .flat_map(|it| std::iter::once(&it.schema).chain(it.extensions.iter().map(|(urn, _)| urn)))
        .find(|named| !listed.iter().any(|id| urn::same(id, named)));
    match missing {
        Some(urn) => Judgement::broken("/Resources", clip(&format!("the schema {urn}")), "absent"),
        None => Judgement::Held,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use crate::check::sample::{self, Sample};

    #[test]
    fn lists_stand_at_published_endpoints() {
        let list = sample::list(&[]);
        held("published", &json!(true), Sample::get("/Users").body(&list));
        broken(
            "published",
            &json!(true),
            Sample::get("/Devices").body(&list),
            "request.path",
            "/Devices",
        );
        inapplicable(
            "published",
            &json!(true),
            Sample::get("/Devices").status(404),
        );
        refused("published", &json!("yes"), "");
    }

    #[test]
    fn schemas_hold_what_resource_types_name() {
        let all: Vec<_> = sample::capabilities()
            .resource_types
            .iter()
            .flat_map(|it| {
                std::iter::once(it.schema.clone())
                    .chain(it.extensions.iter().map(|(urn, _)| urn.clone()))
            })
            .map(|urn| json!({ "id": urn }))
            .collect();
        held(
            "published",
            &json!(true),
            Sample::get("/Schemas").body(&sample::list(&all)),
        );
        let fewer = sample::list(&all[1..]);
        broken(
            "published",
            &json!(true),
            Sample::get("/Schemas").body(&fewer),
            "/Resources",
            "absent",
        );
    }
}
