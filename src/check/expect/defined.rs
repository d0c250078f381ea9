//! `defined`: an attribute is defined as RFC 7643 §8.7 does.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_keys, texts, wrong};
use crate::check::place::{brief_or_absent, clip};
use crate::check::subject;
use crate::scim::resource::member;
use crate::scim::schema::Schema;
use crate::scim::urn;

/// The expectation.
pub(super) struct Leaf;

/// What a definition can be held to.
const LIKE: &[&str] = &[
    "type",
    "multiValued",
    "required",
    "caseExact",
    "mutability",
    "returned",
    "subAttributes",
];

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "defined"
    }

    fn doc(&self) -> &'static str {
        "`{ schema: <URN>, attribute: name, like: [type, multiValued] }`: a schema, alone or in a list, defines the attribute as RFC 7643 section 8.7 does, in these characteristics."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_keys(argument, &["schema", "attribute", "like"])?;
        let text = |name: &str| argument.get(name).and_then(Value::as_str).unwrap_or("");
        let known = Schema::rfc_documents()
            .iter()
            .find(|schema| urn::same(schema["id"].as_str().unwrap_or(""), text("schema")));
        let Some(schema) = known else {
            return Err(wrong("/schema", "it is no schema of RFC 7643", urn::USER));
        };
        if definition(schema, text("attribute")).is_none() {
            return Err(wrong("/attribute", "that schema has no such attribute", ""));
        }
        let like = argument.get("like").unwrap_or(&Value::Null);
        let unknown = texts(like).into_iter().find(|name| !LIKE.contains(name));
        match (texts(like).is_empty(), unknown) {
            (true, _) => Err(wrong(
                "/like",
                "it names no characteristic",
                "[type, multiValued]",
            )),
            (_, Some(name)) => Err(wrong("/like", format!("{name} is no characteristic"), "")),
            _ => Ok(()),
        }
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, _: &Context<'_>) -> Judgement {
        if let Err(judgement) = subject::success_body(exchange) {
            return judgement;
        }
        let text = |name: &str| argument.get(name).and_then(Value::as_str).unwrap_or("");
        let (id, name) = (text("schema"), text("attribute"));
        let has_id = |schema: &Value| {
            member(schema, "id")
                .and_then(Value::as_str)
                .is_some_and(|stated| urn::same(stated, id))
        };
        let resources = subject::resources(exchange);
        let Some(found) = resources.iter().find(|found| has_id(found.resource)) else {
            return Judgement::Inapplicable(clip(&format!("the answer does not hold {id}")));
        };
        let rfc = Schema::rfc_documents().iter().find(|schema| has_id(schema));
        let (Some(stated), Some(expected)) = (
            definition(found.resource, name),
            rfc.and_then(|schema| definition(schema, name)),
        ) else {
            return Judgement::Inapplicable(clip(&format!("the schema does not define {name}")));
        };
        let at = format!("{}/attributes/{name}", found.at);
        let like = argument.get("like").unwrap_or(&Value::Null);
        texts(like)
            .into_iter()
            .find_map(|one| difference(&at, one, stated, expected))
            .unwrap_or(Judgement::Held)
    }
}

/// The definition of an attribute in a schema document.
fn definition<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    named(member(schema, "attributes")?, name)
}

fn named<'a>(definitions: &'a Value, name: &str) -> Option<&'a Value> {
    definitions.as_array()?.iter().find(|definition| {
        member(definition, "name")
            .and_then(Value::as_str)
            .is_some_and(|known| known.eq_ignore_ascii_case(name))
    })
}

/// How a characteristic of a definition differs from that of the RFC.
fn difference(at: &str, name: &str, stated: &Value, expected: &Value) -> Option<Judgement> {
    if name == "subAttributes" {
        let subs = member(expected, name).and_then(Value::as_array);
        return subs
            .into_iter()
            .flatten()
            .find_map(|sub| sub_difference(at, sub, stated));
    }
    let value = |definition: &Value| {
        member(definition, name)
            .filter(|value| !value.is_null())
            .cloned()
            .unwrap_or_else(|| default(name))
    };
    let (is, should) = (value(stated), value(expected));
    (is != should).then(|| {
        Judgement::broken(
            format!("{at}/{name}"),
            should.to_string(),
            brief_or_absent(member(stated, name)),
        )
    })
}

fn sub_difference(at: &str, sub: &Value, stated: &Value) -> Option<Judgement> {
    let name = member(sub, "name").and_then(Value::as_str)?;
    let at = format!("{at}/subAttributes/{name}");
    match member(stated, "subAttributes").and_then(|subs| named(subs, name)) {
        None => Some(Judgement::broken(
            at,
            format!("the sub-attribute {name}"),
            "absent",
        )),
        Some(stated) => ["type", "multiValued"]
            .into_iter()
            .find_map(|one| difference(&at, one, stated, sub)),
    }
}

/// What an absent characteristic means (RFC 7643 §2.2).
fn default(name: &str) -> Value {
    match name {
        "type" => Value::from("string"),
        "mutability" => Value::from("readWrite"),
        "returned" => Value::from("default"),
        _ => Value::from(false),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use super::*;
    use crate::check::sample::{self, Sample};

    fn argument(like: &[&str]) -> Value {
        json!({ "schema": urn::USER, "attribute": "name", "like": like })
    }

    fn schemas(change: impl FnOnce(&mut Value)) -> Sample {
        let mut user = Schema::rfc_documents()
            .iter()
            .find(|schema| schema["id"] == urn::USER)
            .unwrap()
            .clone();
        let attributes = user["attributes"].as_array_mut().unwrap();
        change(
            attributes
                .iter_mut()
                .find(|it| it["name"] == "name")
                .unwrap(),
        );
        Sample::get("/Schemas").body(&sample::list(&[user]))
    }

    #[test]
    fn definitions_are_compared_with_the_rfc() {
        let all = argument(LIKE);
        held("defined", &all, schemas(|_| {}));
        let at = "/Resources/0/attributes/name";
        broken(
            "defined",
            &all,
            schemas(|it| it["type"] = json!("string")),
            &format!("{at}/type"),
            "\"string\"",
        );
        broken(
            "defined",
            &all,
            schemas(|it| {
                it["subAttributes"].as_array_mut().unwrap().pop();
            }),
            &format!("{at}/subAttributes/honorificSuffix"),
            "absent",
        );
        broken(
            "defined",
            &argument(&["mutability"]),
            schemas(|it| it["mutability"] = json!("readOnly")),
            &format!("{at}/mutability"),
            "\"readOnly\"",
        );
        inapplicable("defined", &all, schemas(|it| it["name"] = json!("other")));
    }

    #[test]
    fn arguments_name_what_the_rfc_defines() {
        refused(
            "defined",
            &json!({ "schema": "urn:x", "attribute": "name", "like": ["type"] }),
            "/schema",
        );
        refused(
            "defined",
            &json!({ "schema": urn::USER, "attribute": "x", "like": ["type"] }),
            "/attribute",
        );
        refused("defined", &argument(&["colour"]), "/like");
        refused("defined", &argument(&[]), "/like");
    }
}
