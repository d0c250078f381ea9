//! `schemas` of resources (RFC 7643 §3).

use std::collections::HashSet;

use serde_json::Value;

use super::{Context, Exchange, Invariant, Judged, Judgement, shows_resources, subject};
use crate::check::equality::unassigned;
use crate::check::place::brief_or_absent;
use crate::check::subject::Found;
use crate::check::typing;
use crate::scim::resource::member;
use crate::scim::urn;

/// The invariant.
pub(super) struct Leaf;

const DECLARED: &str = "rfc7643-3-representations-declare-schemas";
const DISTINCT: &str = "rfc7643-3-schemas-holds-no-duplicates";
const BASE: &str = "rfc7643-3.3-schemas-has-the-base-schema";
const OWN: &str = "rfc7643-3-schemas-lists-only-own-schemas";
const EXTENSION: &str = "rfc7643-3.3-extension-in-use-is-listed";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "schemas"
    }

    fn title(&self) -> &'static str {
        "Every resource names its schemas, each once and no others"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[DECLARED, DISTINCT, BASE, OWN, EXTENSION]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        let is_discovery = subject::is_discovery(exchange);
        if !is_discovery && !shows_resources(exchange, context) {
            return Vec::new();
        }
        for found in subject::resources(exchange) {
            let at = format!("{}/schemas", found.at);
            let stated = member(found.resource, "schemas").filter(|it| !it.is_null());
            let Some(listed) = urns(stated) else {
                let judgement =
                    Judgement::broken(&at, "a non-empty array of URNs", brief_or_absent(stated));
                let hidden = stated.is_none() && subject::is_projected(exchange);
                judged.add(
                    DECLARED,
                    if hidden {
                        judgement.tolerated("A01")
                    } else {
                        judgement
                    },
                );
                continue;
            };
            judged.held(DECLARED);
            let mut seen = HashSet::new();
            let twice = listed
                .iter()
                .find(|it| !seen.insert(it.to_ascii_lowercase()));
            judged.judge(
                DISTINCT,
                twice.map(|it| Judgement::broken(&at, "each schema once", format!("{it} twice"))),
            );
            if !is_discovery {
                judge_own(&found, &listed, exchange, context, &mut judged);
            }
        }
        judged.into_vec()
    }
}

/// The URNs, where `schemas` is a non-empty array of strings.
fn urns(stated: Option<&Value>) -> Option<Vec<&str>> {
    let items = stated?.as_array().filter(|items| !items.is_empty())?;
    items.iter().map(Value::as_str).collect()
}

fn judge_own(
    found: &Found<'_>,
    listed: &[&str],
    exchange: &Exchange,
    context: &Context<'_>,
    judged: &mut Judged,
) {
    let at = format!("{}/schemas", found.at);
    let of_endpoint = context
        .capabilities
        .resource_type_at(&exchange.request.path)
        .or_else(|| {
            let name = member(member(found.resource, "meta")?, "resourceType")?.as_str()?;
            context.capabilities.resource_type(name)
        });
    let Some(resource_type) = of_endpoint else {
        return;
    };
    let has = |id: &str| listed.iter().any(|it| urn::same(it, id));
    let actual = || brief_or_absent(member(found.resource, "schemas"));
    judged.judge(
        BASE,
        (!has(&resource_type.schema))
            .then(|| Judgement::broken(&at, &resource_type.schema, actual())),
    );
    let is_own = |id: &str| {
        urn::same(id, &resource_type.schema)
            || resource_type
                .extensions
                .iter()
                .any(|(extension, _)| urn::same(extension, id))
    };
    let foreign = listed.iter().find(|id| !is_own(id));
    judged.judge(
        OWN,
        foreign.map(|id| {
            Judgement::broken(
                &at,
                format!("schemas of the type {} only", resource_type.name),
                (*id).to_owned(),
            )
        }),
    );
    let containers = found
        .resource
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| urn::is_urn(name) && !unassigned(Some(value)))
        .filter(|(name, _)| typing::is_extension(name, context.capabilities));
    for (name, _) in containers {
        judged.judge(
            EXTENSION,
            (!has(name)).then(|| Judgement::broken(&at, format!("{name} among them"), actual())),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};

    fn with(schemas: Value) -> Sample {
        let mut user = sample::user();
        user["schemas"] = schemas;
        Sample::get("/Users/2819").body(&user)
    }

    #[test]
    fn a_resource_names_its_schemas_once_and_no_others() {
        held("schemas", with(json!([urn::USER])));
        held("schemas", with(json!([urn::USER, urn::ENTERPRISE_USER])));
        for schemas in [json!(null), json!([]), json!(urn::USER), json!([1])] {
            broken("schemas", with(schemas), &[(DECLARED, "/schemas")]);
        }
        broken(
            "schemas",
            with(json!([urn::USER, urn::USER])),
            &[(DISTINCT, "/schemas")],
        );
        broken(
            "schemas",
            with(json!([urn::GROUP])),
            &[(BASE, "/schemas"), (OWN, "/schemas")],
        );
        let mut user = sample::user();
        user[urn::ENTERPRISE_USER] = json!({"department": "d"});
        broken(
            "schemas",
            Sample::get("/Users").body(&sample::list(&[user])),
            &[(EXTENSION, "/Resources/0/schemas")],
        );
    }

    #[test]
    fn a_projection_may_hide_them() {
        let hidden = Sample::get("/Users/1")
            .query("attributes", "userName")
            .body(&json!({"id": "1"}));
        broken("schemas", hidden, &[(DECLARED, "A01")]);
        silent(
            "schemas",
            Sample::get("/oauth/token").body(&json!({"x": 1})),
        );
        broken(
            "schemas",
            Sample::get("/Schemas").body(&sample::list(&[json!({"id": "x"})])),
            &[(DECLARED, "/Resources/0/schemas")],
        );
    }
}
