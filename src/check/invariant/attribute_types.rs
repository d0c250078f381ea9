//! Values have the types of their schema (RFC 7643 §2.3, §2.4).

use super::{Context, Exchange, Invariant, Judged, Judgement, shows_resources, subject};
use crate::check::typing::{self, Rule};
use crate::scim::schema::DataType;

/// The invariant.
pub(super) struct Leaf;

const STRING: &str = "rfc7643-2.3.1-strings-are-json-strings";
const BOOLEAN: &str = "rfc7643-2.3.2-booleans-are-json-literals";
const DECIMAL: &str = "rfc7643-2.3.3-decimals-are-json-numbers";
const INTEGER: &str = "rfc7643-2.3.4-integers-have-no-fraction-or-exponent";
const DATE_TIME: &str = "rfc7643-2.3.5-date-times-are-xsd-date-times";
const BINARY: &str = "rfc7643-2.3.6-binary-values-are-base64";
const REFERENCE: &str = "rfc7643-2.3.7-references-are-uris";
const ARRAY: &str = "rfc7643-2.4-multi-valued-attributes-are-arrays";
const FORM: &str = "rfc7644-3.8-attributes-have-their-json-form";

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "attribute-types"
    }

    fn title(&self) -> &'static str {
        "Every value has the type that the target's schema gives it"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[
            STRING, BOOLEAN, DECIMAL, INTEGER, DATE_TIME, BINARY, REFERENCE, ARRAY, FORM,
        ]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        if !shows_resources(exchange, context) {
            return Vec::new();
        }
        for found in subject::resources(exchange) {
            let mut named = typing::named_schemas(found.resource);
            let is_known = named.any(|id| context.capabilities.schema(id).is_some());
            if !is_known {
                continue;
            }
            let typing = typing::examine(found.resource, &found.at, context.capabilities);
            for rule in typing.used {
                judged.held(requirement(rule));
            }
            for mistyped in typing.mistyped {
                let judgement = Judgement::Broken(mistyped.deviation);
                let judgement = if mistyped.rule == Rule::Zone {
                    judgement.tolerated("A07")
                } else {
                    judgement
                };
                judged.add(requirement(mistyped.rule), judgement);
            }
        }
        judged.into_vec()
    }
}

fn requirement(rule: Rule) -> &'static str {
    match rule {
        Rule::Zone | Rule::Type(DataType::DateTime) => DATE_TIME,
        Rule::Plurality => ARRAY,
        Rule::Type(DataType::String) => STRING,
        Rule::Type(DataType::Boolean) => BOOLEAN,
        Rule::Type(DataType::Decimal) => DECIMAL,
        Rule::Type(DataType::Integer) => INTEGER,
        Rule::Type(DataType::Binary) => BINARY,
        Rule::Type(DataType::Reference) => REFERENCE,
        Rule::Type(DataType::Complex) => FORM,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tests::{broken, held, judge, silent};
    use super::*;
    use crate::check::sample::{self, Sample};
    use crate::scim::urn;

    fn with(name: &str, value: Value) -> Sample {
        let mut user = sample::user();
        user[name] = value;
        Sample::get("/Users").body(&sample::list(&[user]))
    }

    #[test]
    fn each_type_has_its_requirement() {
        held("attribute-types", with("age", json!(7)));
        for (name, value, requirement, at) in [
            ("userName", json!(7), STRING, "/Resources/0/userName"),
            ("active", json!("true"), BOOLEAN, "/Resources/0/active"),
            ("age", json!(1.5), INTEGER, "/Resources/0/age"),
            (
                "since",
                json!("2026-01-01"),
                DATE_TIME,
                "/Resources/0/since",
            ),
            ("since", json!("2026-01-01T00:00:00"), DATE_TIME, "A07"),
            ("keys", json!(["a b"]), BINARY, "/Resources/0/keys/0"),
            (
                "photos",
                json!([{"value": "no uri"}]),
                REFERENCE,
                "/Resources/0/photos/0/value",
            ),
            ("emails", json!("x"), ARRAY, "/Resources/0/emails"),
            ("name", json!("x"), FORM, "/Resources/0/name"),
        ] {
            broken("attribute-types", with(name, value), &[(requirement, at)]);
        }
    }

    #[test]
    fn only_types_that_occur_are_judged() {
        let user = json!({"schemas": [urn::USER], "id": "1", "active": true});
        let judged = judge("attribute-types", Sample::get("/Users/1").body(&user));
        assert!(
            judged
                .iter()
                .any(|(requirement, _)| *requirement == BOOLEAN)
        );
        assert!(
            !judged
                .iter()
                .any(|(requirement, _)| *requirement == INTEGER)
        );
        silent(
            "attribute-types",
            Sample::get("/Users/1").body(&json!({"id": "1"})),
        );
    }
}
