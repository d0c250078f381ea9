//! `schema`: a resource is one of its type.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_keys, wrong};
use crate::check::equality::unassigned;
use crate::check::place::{brief_or_absent, escape};
use crate::check::subject::{self, Found};
use crate::check::typing::{self, Rule};
use crate::scim::capabilities::ResourceType;
use crate::scim::resource::member;
use crate::scim::schema::{Attribute, Mutability, Returned};
use crate::scim::urn;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "schema"
    }

    fn doc(&self) -> &'static str {
        "The resource, or each of a list, is one of that type, by name or by the URN of its schema: `User`. \
         It names the schema, has an id and meta.resourceType, and its required attributes; \
         values have the types that the target's /Schemas gives them. A projection spares what it may hide."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        if argument.is_object() {
            lint_keys(argument, &["of"])?;
        }
        match name_of(argument) {
            Some(_) => Ok(()),
            None => Err(wrong("", "it names no resource type", "User")),
        }
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        if let Err(judgement) = subject::success_body(exchange) {
            return judgement;
        }
        let name = name_of(argument).unwrap_or_default();
        let Some(resource_type) = context
            .capabilities
            .resource_types
            .iter()
            .find(|it| it.name.eq_ignore_ascii_case(name) || urn::same(&it.schema, name))
        else {
            return Judgement::Inapplicable(format!("the target has no resource type {name}"));
        };
        let resources = subject::resources(exchange);
        if resources.is_empty() {
            return Judgement::Inapplicable("the answer holds no resource".to_owned());
        }
        let projected = subject::is_projected(exchange);
        resources
            .iter()
            .map(|found| judge_resource(found, resource_type, projected, context))
            .find(|judged| *judged != Judgement::Held)
            .unwrap_or(Judgement::Held)
    }
}

fn name_of(argument: &Value) -> Option<&str> {
    argument.get("of").unwrap_or(argument).as_str()
}

fn judge_resource(
    found: &Found<'_>,
    resource_type: &ResourceType,
    projected: bool,
    context: &Context<'_>,
) -> Judgement {
    let Found { at, resource } = found;
    let value = |name| member(resource, name);
    if !(urn::listed(resource, &resource_type.schema) || projected && value("schemas").is_none()) {
        let actual = brief_or_absent(value("schemas"));
        return Judgement::broken(format!("{at}/schemas"), &resource_type.schema, actual);
    }
    if value("id")
        .and_then(Value::as_str)
        .is_none_or(str::is_empty)
    {
        return Judgement::broken(
            format!("{at}/id"),
            "a non-empty id",
            brief_or_absent(value("id")),
        );
    }
    let stated = value("meta").and_then(|meta| member(meta, "resourceType"));
    let is_stated = stated.and_then(Value::as_str) == Some(resource_type.name.as_str());
    if !(is_stated || projected && stated.is_none()) {
        let expected = format!("{:?}", resource_type.name);
        return Judgement::broken(
            format!("{at}/meta/resourceType"),
            expected,
            brief_or_absent(stated),
        );
    }
    if !projected && let Some(judgement) = missing(found, resource_type, context) {
        return judgement;
    }
    let typing = typing::examine(resource, at, context.capabilities);
    match typing.mistyped.into_iter().find(|it| it.rule != Rule::Zone) {
        Some(mistyped) => Judgement::Broken(mistyped.deviation),
        None => Judgement::Held,
    }
}

/// A required attribute of the core schema that is not there although nothing hides it.
fn missing(
    found: &Found<'_>,
    resource_type: &ResourceType,
    context: &Context<'_>,
) -> Option<Judgement> {
    let schema = context.capabilities.schema(&resource_type.schema)?;
    let is_shown = |attribute: &&Attribute| {
        attribute.required
            && attribute.mutability != Mutability::WriteOnly
            && matches!(attribute.returned, Returned::Always | Returned::Default)
    };
    let attribute = schema
        .attributes
        .iter()
        .filter(is_shown)
        .find(|attribute| unassigned(member(found.resource, &attribute.name)))?;
    let at = format!("{}/{}", found.at, escape(&attribute.name));
    Some(Judgement::broken(
        at,
        "a value, as the schema requires one",
        "absent",
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use crate::check::sample::{self, Sample};

    fn with(name: &str, value: serde_json::Value) -> Sample {
        let mut user = sample::user();
        user[name] = value;
        Sample::get("/Users/2819").body(&user)
    }

    #[test]
    fn a_resource_is_one_of_its_type() {
        for argument in [
            json!("User"),
            json!({"of": "user"}),
            json!(crate::scim::urn::USER),
        ] {
            held(
                "schema",
                &argument,
                Sample::get("/Users/2819").body(&sample::user()),
            );
        }
        let user = json!("User");
        broken(
            "schema",
            &user,
            with("schemas", json!([])),
            "/schemas",
            "[]",
        );
        broken("schema", &user, with("id", json!("")), "/id", "\"\"");
        broken(
            "schema",
            &user,
            with("meta", json!({})),
            "/meta/resourceType",
            "absent",
        );
        broken(
            "schema",
            &user,
            with("userName", json!(null)),
            "/userName",
            "absent",
        );
        broken(
            "schema",
            &user,
            with("active", json!("yes")),
            "/active",
            "\"yes\"",
        );
        let list = sample::list(&[sample::user(), json!({"id": "2"})]);
        broken(
            "schema",
            &user,
            Sample::get("/Users").body(&list),
            "/Resources/1/schemas",
            "absent",
        );
    }

    #[test]
    fn a_projection_may_hide_and_an_unknown_type_judges_nothing() {
        let projected = Sample::get("/Users/1")
            .query("attributes", "active")
            .body(&json!({"id": "1", "active": true}));
        held("schema", &json!("User"), projected);
        inapplicable("schema", &json!("Device"), with("id", json!("1")));
        inapplicable(
            "schema",
            &json!("User"),
            Sample::get("/Users").body(&sample::list(&[])),
        );
        refused("schema", &json!(3), "");
        refused("schema", &json!({"type": "User"}), "/type");
    }
}
