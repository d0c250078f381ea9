//! `echo`: what was sent comes back.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_keys, wrong};
use crate::check::equality::{pairs, unassigned};
use crate::check::place::{brief, brief_or_absent, escape, without};
use crate::check::{matcher, subject, typing};
use crate::scim::resource::{self, member};
use crate::scim::schema::{Attribute, Mutability, Returned, Schema, SchemaSet};
use crate::scim::urn;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "echo"
    }

    fn doc(&self) -> &'static str {
        "What was sent comes back: `true` for the body of this request, or `{ of: \"{{u1.body}}\", ignoring: [/userName] }`. \
         What the server adds does not matter. Attributes that are never returned, read-only or unknown to the target's schemas, \
         id and meta are passed over."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        if argument == &Value::Bool(true) {
            return Ok(());
        }
        lint_keys(argument, &["of", "ignoring"])?;
        lint_ignoring(argument)?;
        match argument.get("of") {
            None => Ok(()),
            Some(of) if of.is_object() || matcher::has_template(of) => Ok(()),
            Some(_) => Err(wrong("/of", "it is no resource", "\"{{u1.body}}\"")),
        }
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        let body = match subject::success_body(exchange) {
            Ok(body) => body,
            Err(judgement) => return judgement,
        };
        let request = exchange
            .request
            .body
            .as_ref()
            .and_then(|body| body.json.as_deref());
        let Some(sent) = argument.get("of").or(request) else {
            return Judgement::Inapplicable("no JSON was sent".to_owned());
        };
        let sent = without(sent, &ignored(argument));
        let schemas = typing::schema_set(body, context.capabilities)
            .or_else(|| typing::schema_set(&sent, context.capabilities));
        judge_echo(&sent, body, schemas.as_ref())
    }
}

/// The pointers of `ignoring`.
pub(super) fn ignored(argument: &Value) -> Vec<&str> {
    argument
        .get("ignoring")
        .map(super::texts)
        .unwrap_or_default()
}

/// Refuses pointers that are none.
pub(super) fn lint_ignoring(argument: &Value) -> Result<(), ArgumentError> {
    let Some(ignoring) = argument.get("ignoring") else {
        return Ok(());
    };
    super::lint_texts(ignoring, "/ignoring")?;
    for pointer in super::texts(ignoring) {
        crate::check::place::lint_pointer(pointer).map_err(|error| ArgumentError {
            at: "/ignoring".to_owned(),
            ..error
        })?;
    }
    Ok(())
}

fn judge_echo(sent: &Value, body: &Value, schemas: Option<&SchemaSet>) -> Judgement {
    for (name, value) in sent.as_object().into_iter().flatten() {
        if unassigned(Some(value))
            || ["schemas", "id", "meta"].contains(&name.to_ascii_lowercase().as_str())
        {
            continue;
        }
        let at = format!("/{}", escape(name));
        let found = member(body, name);
        let judged = if urn::is_urn(name) {
            match (schemas, schemas.and_then(|it| it.extension(name))) {
                (Some(_), None) => Ok(()),
                (_, schema) => {
                    members(value, found, &at, &|name| extension_attribute(schema, name))
                }
            }
        } else {
            match core_attribute(schemas, name) {
                Known::Skip => Ok(()),
                Known::As(definition) => compare(value, found, &at, definition),
            }
        };
        if let Err(judgement) = judged {
            return judgement;
        }
    }
    Judgement::Held
}

/// What is known of an attribute.
enum Known<'a> {
    /// It need not come back.
    Skip,
    /// It comes back; by its definition, where there is one.
    As(Option<&'a Attribute>),
}

fn core_attribute<'a>(set: Option<&'a SchemaSet>, name: &str) -> Known<'a> {
    match set {
        None if name.eq_ignore_ascii_case("password") => Known::Skip,
        None => Known::As(None),
        Some(set) => echoed(set.attribute(name)),
    }
}

fn extension_attribute<'a>(schema: Option<&'a Schema>, name: &str) -> Known<'a> {
    match schema {
        None => Known::As(None),
        Some(schema) => echoed(schema.attribute(name)),
    }
}

fn echoed(definition: Option<&Attribute>) -> Known<'_> {
    match definition {
        Some(it)
            if matches!(it.returned, Returned::Always | Returned::Default)
                && matches!(it.mutability, Mutability::ReadWrite | Mutability::Immutable) =>
        {
            Known::As(Some(it))
        }
        _ => Known::Skip,
    }
}

fn members<'a>(
    sent: &Value,
    found: Option<&Value>,
    at: &str,
    known: &impl Fn(&str) -> Known<'a>,
) -> Result<(), Judgement> {
    for (name, value) in sent.as_object().into_iter().flatten() {
        if unassigned(Some(value)) {
            continue;
        }
        let Known::As(definition) = known(name) else {
            continue;
        };
        let inner = found.and_then(|found| member(found, name));
        compare(value, inner, &format!("{at}/{}", escape(name)), definition)?;
    }
    Ok(())
}

fn compare(
    sent: &Value,
    found: Option<&Value>,
    at: &str,
    definition: Option<&Attribute>,
) -> Result<(), Judgement> {
    let lost = || Judgement::broken(at, brief(sent), brief_or_absent(found));
    match (sent, found) {
        (Value::Object(_), Some(Value::Object(_))) => {
            members(sent, found, at, &|name| match definition
                .filter(|it| !it.sub_attributes.is_empty())
            {
                None => Known::As(None),
                Some(definition) => echoed(definition.sub(name)),
            })
        }
        (Value::Array(sent), Some(Value::Array(found))) => {
            let fits = |a: &Value, b: &Value| compare(a, Some(b), at, definition).is_ok();
            if pairs(sent, found, fits) {
                return Ok(());
            }
            let missing = sent
                .iter()
                .find(|item| !found.iter().any(|other| fits(item, other)));
            let expected = missing.map_or_else(|| brief(&Value::from(sent.clone())), brief);
            Err(Judgement::broken(
                at,
                expected,
                brief(&Value::from(found.clone())),
            ))
        }
        (sent, Some(found)) if resource::equal(sent, found, definition).is_ok() => Ok(()),
        _ => Err(lost()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, refused};
    use super::*;
    use crate::check::sample::{self, Sample};

    fn create(sent: &Value) -> Sample {
        Sample::new("POST", "/Users")
            .sent(sent)
            .status(201)
            .body(&sample::user())
    }

    #[test]
    fn what_was_sent_comes_back_and_additions_do_not_matter() {
        for sent in [
            json!({"schemas": [], "USERNAME": "BJENSEN", "password": "x", "rank": 3, "colour": "red", "id": "mine", "meta": {}}),
            json!({"emails": [{"value": "b@example.com"}], "name": {"familyName": "Jensen"}, "photos": []}),
            json!({"urn:unknown": {"a": 1}}),
        ] {
            held("echo", &json!(true), create(&sent));
        }
        for (sent, at, actual) in [
            (json!({"active": false}), "/active", "true"),
            (json!({"displayName": "B"}), "/displayName", "absent"),
            (
                json!({"name": {"givenName": "Bob"}}),
                "/name/givenName",
                "\"Barbara\"",
            ),
            (
                json!({"emails": [{"value": "other"}]}),
                "/emails",
                "[{\"value\":\"b@example.com\",\"type\":\"work\",\"primary\":true}]",
            ),
            (
                json!({urn::ENTERPRISE_USER: {"department": "d"}}),
                "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department",
                "absent",
            ),
        ] {
            broken("echo", &json!(true), create(&sent), at, actual);
        }
    }

    #[test]
    fn another_body_and_exceptions_can_be_named() {
        let argument =
            json!({"of": {"active": false, "userName": "bjensen"}, "ignoring": ["/active"]});
        held(
            "echo",
            &argument,
            Sample::get("/Users/1").body(&sample::user()),
        );
        inapplicable(
            "echo",
            &json!(true),
            Sample::get("/Users/1").body(&sample::user()),
        );
        inapplicable("echo", &json!(true), create(&json!({})).status(400));
        refused("echo", &json!({"off": 1}), "/off");
        refused("echo", &json!({"of": 1}), "/of");
        refused("echo", &json!({"ignoring": ["active"]}), "/ignoring");
    }
}
