//! Attribute definitions in schema documents (RFC 7643 §1.2, §2.3.7, §2.4, §3.3, §7, §10).

use serde_json::Value;

use super::{Context, Exchange, Invariant, Judged, Judgement, subject};
use crate::check::place::{brief_or_absent, clip};
use crate::scim::resource::member;
use crate::scim::schema::common;
use crate::scim::urn;

/// The invariant.
pub(super) struct Leaf;

const SIMPLE: &str = "rfc7643-1.2-simple-attribute-has-no-sub-attributes";
const TARGETS: &str = "rfc7643-2.3.7-reference-attributes-name-their-targets";
const STANDARD: &str = "rfc7643-2.4-standard-sub-attributes-keep-their-meaning";
const LISTED: &str = "rfc7643-7-complex-attributes-list-sub-attributes";
const REFERENCES: &str = "rfc7643-7-reference-types-are-for-references";
const REDEFINED: &str = "rfc7643-3.3-extensions-do-not-redefine-attributes";
const CONVENTION: &str = "rfc7643-3.3-extensions-follow-the-conventions";
const KIND: &str = "rfc7643-10.2.1-scim-urns-have-a-known-kind";
const REGISTERED: &str = "rfc7643-10.3.1-registered-schema-namespaces";

/// Name space of SCIM (RFC 7643 §10.2.1).
const SCIM: &str = "urn:ietf:params:scim:";
/// Kinds of names in it; `event` comes from RFC 9967.
const KINDS: &[&str] = &["schemas", "api", "event"];
/// Names in the core name space that RFC 7643 and RFC 9944 register.
const CORE: &[&str] = &[
    "User",
    "Group",
    "ServiceProviderConfig",
    "ResourceType",
    "Schema",
    "Device",
    "EndpointApp",
];

impl Invariant for Leaf {
    fn id(&self) -> &'static str {
        "definitions"
    }

    fn title(&self) -> &'static str {
        "Every schema defines its attributes by the rules for definitions"
    }

    fn covers(&self) -> &'static [&'static str] {
        &[
            SIMPLE, TARGETS, STANDARD, LISTED, REFERENCES, REDEFINED, CONVENTION, KIND, REGISTERED,
        ]
    }

    fn judge(&self, exchange: &Exchange, context: &Context<'_>) -> Vec<(&'static str, Judgement)> {
        let mut judged = Judged::default();
        if !subject::endpoint(exchange).eq_ignore_ascii_case("Schemas") {
            return Vec::new();
        }
        for found in subject::resources(exchange) {
            let Some(id) = member(found.resource, "id").and_then(Value::as_str) else {
                continue;
            };
            judge_urn(id, &format!("{}/id", found.at), &mut judged);
            let base = base_of(id, context);
            for (index, definition) in list(found.resource, "attributes").iter().enumerate() {
                let at = format!("{}/attributes/{index}", found.at);
                if let Some(base) = base {
                    judge_extension(definition, base, &at, context, &mut judged);
                }
                judge_definition(definition, &at, &mut judged);
            }
        }
        judged.into_vec()
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    member(value, name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn text<'a>(definition: &'a Value, name: &str) -> &'a str {
    member(definition, name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The base schema of the resource type that this schema extends.
fn base_of<'c>(id: &str, context: &Context<'c>) -> Option<&'c str> {
    context
        .capabilities
        .resource_types
        .iter()
        .find(|it| it.extensions.iter().any(|(urn, _)| urn::same(urn, id)))
        .map(|it| it.schema.as_str())
}

fn judge_urn(id: &str, at: &str, judged: &mut Judged) {
    let lower = id.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix(SCIM) else {
        return;
    };
    let kind = rest.split(':').next().unwrap_or_default();
    judged.judge(
        KIND,
        (!KINDS.contains(&kind))
            .then(|| Judgement::broken(at, format!("{SCIM}schemas:… or …api:…"), clip(id))),
    );
    let name = rest.strip_prefix("schemas:core:2.0:");
    let is_registered = match name {
        Some(name) => CORE.iter().any(|known| known.eq_ignore_ascii_case(name)),
        None => !rest.starts_with("schemas:core:") && kind != "api",
    };
    judged.judge(
        REGISTERED,
        (!is_registered).then(|| {
            Judgement::broken(
                at,
                "a URI that an RFC registers, or another name space",
                clip(id),
            )
        }),
    );
}

fn judge_extension(
    definition: &Value,
    base: &str,
    at: &str,
    context: &Context<'_>,
    judged: &mut Judged,
) {
    let name = text(definition, "name");
    let at = format!("{at}/name");
    let is_taken = common().iter().any(|it| it.is_named(name))
        || context
            .capabilities
            .schema(base)
            .is_some_and(|schema| schema.attribute(name).is_some());
    judged.judge(
        REDEFINED,
        is_taken.then(|| {
            Judgement::broken(
                &at,
                format!("a name that {base} does not define"),
                clip(name),
            )
        }),
    );
    let is_camel_case = name.starts_with(|c: char| c.is_ascii_lowercase());
    judged.judge(
        CONVENTION,
        (!is_camel_case).then(|| {
            Judgement::broken(
                &at,
                "a name that begins with a lower-case letter",
                clip(name),
            )
        }),
    );
}

fn judge_definition(definition: &Value, at: &str, judged: &mut Judged) {
    let data_type = text(definition, "type");
    let subs = list(definition, "subAttributes");
    let is_complex = data_type == "complex";
    let sub_place = format!("{at}/subAttributes");
    if is_complex {
        judged.judge(
            LISTED,
            subs.is_empty().then(|| {
                let actual = brief_or_absent(member(definition, "subAttributes"));
                Judgement::broken(&sub_place, "the sub-attributes", actual)
            }),
        );
    } else {
        judged.judge(
            SIMPLE,
            (!subs.is_empty()).then(|| {
                Judgement::broken(
                    &sub_place,
                    "no sub-attributes",
                    format!("{} of them", subs.len()),
                )
            }),
        );
    }
    judge_reference(definition, data_type, at, judged);
    let is_multi_valued = member(definition, "multiValued") == Some(&Value::Bool(true));
    for (index, sub) in subs.iter().enumerate() {
        let at = format!("{sub_place}/{index}");
        if is_multi_valued && is_complex {
            judge_standard(sub, &at, judged);
        }
        judge_definition(sub, &at, judged);
    }
}

fn judge_reference(definition: &Value, data_type: &str, at: &str, judged: &mut Judged) {
    let targets = list(definition, "referenceTypes");
    let at = format!("{at}/referenceTypes");
    let actual = || brief_or_absent(member(definition, "referenceTypes"));
    if data_type == "reference" {
        judged.judge(
            TARGETS,
            targets
                .is_empty()
                .then(|| Judgement::broken(&at, "what it may point to", actual())),
        );
    } else {
        judged.judge(
            REFERENCES,
            (!targets.is_empty())
                .then(|| Judgement::broken(&at, "none, since it is no reference", actual())),
        );
    }
}

/// The sub-attributes of §2.4 that a multi-valued attribute may have.
fn judge_standard(sub: &Value, at: &str, judged: &mut Judged) {
    let expected = match text(sub, "name") {
        "primary" => "boolean",
        "type" | "display" => "string",
        "$ref" => "reference",
        _ => return,
    };
    let data_type = text(sub, "type");
    judged.judge(
        STANDARD,
        (data_type != expected)
            .then(|| Judgement::broken(format!("{at}/type"), expected, clip(data_type))),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, silent};
    use super::*;
    use crate::check::sample::{self, Sample};
    use crate::scim::schema::Schema;

    fn schema(id: &str, definition: &Value) -> Sample {
        Sample::get("/Schemas").body(&sample::list(&[
            json!({ "id": id, "attributes": [definition] }),
        ]))
    }

    #[test]
    fn the_schemas_of_the_rfc_hold() {
        let all = sample::list(Schema::rfc_documents());
        held("definitions", Sample::get("/Schemas").body(&all));
        silent("definitions", Sample::get("/ResourceTypes").body(&all));
    }

    #[test]
    fn each_rule_has_its_requirement() {
        let at = "/Resources/0/attributes/0";
        for (definition, requirement, place) in [
            (
                json!({"name": "a", "type": "string", "subAttributes": [{"name": "b", "type": "string"}]}),
                SIMPLE,
                "/subAttributes",
            ),
            (
                json!({"name": "a", "type": "reference"}),
                TARGETS,
                "/referenceTypes",
            ),
            (
                json!({"name": "a", "type": "string", "referenceTypes": ["User"]}),
                REFERENCES,
                "/referenceTypes",
            ),
            (
                json!({"name": "a", "type": "complex"}),
                LISTED,
                "/subAttributes",
            ),
            (
                json!({"name": "a", "type": "complex", "multiValued": true, "subAttributes": [{"name": "primary", "type": "string"}]}),
                STANDARD,
                "/subAttributes/0/type",
            ),
        ] {
            broken(
                "definitions",
                schema("urn:x:a", &definition),
                &[(requirement, &format!("{at}{place}"))],
            );
        }
        let plain = json!({"name": "a", "type": "string"});
        for (id, requirement) in [
            ("urn:ietf:params:scim:plugins:2.0:A", KIND),
            ("urn:ietf:params:scim:schemas:core:2.0:Robot", REGISTERED),
        ] {
            broken(
                "definitions",
                schema(id, &plain),
                &[(requirement, "/Resources/0/id")],
            );
        }
        for (name, requirement) in [("displayName", REDEFINED), ("Badge", CONVENTION)] {
            let definition = json!({"name": name, "type": "string"});
            broken(
                "definitions",
                schema(urn::ENTERPRISE_USER, &definition),
                &[(requirement, &format!("{at}/name"))],
            );
        }
    }
}
