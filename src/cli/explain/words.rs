//! What a scenario sends and expects, in words. Judges nothing, sends nothing.

use std::time::Duration;

use http::Method;
use serde_json::Value;

use crate::check::{expect, matcher};
use crate::payload::{Change, Draft, Limit, Names, Payload, Raw, Template};
use crate::session::{Key, To};
use crate::suite::{Action, ContentType, Expectation, Given, Paging, Step, StepAuth, Wait};

/// Characters of a body that are shown.
const MAX_BODY: usize = 240;

/// Shows each name in braces, as nothing has been captured.
struct Unfilled;

impl Names for Unfilled {
    fn value(&self, name: &str) -> Option<Value> {
        Some(Value::String(format!("{{{name}}}")))
    }
}

/// What is created beforehand: `user u1, group g1`.
pub(super) fn given(given: &[Given]) -> String {
    let each = given.iter().map(|one| {
        let kind = one.kind.resource_type().to_lowercase();
        format!("{kind} {}", one.name)
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Method and target of a step: `GET /Users?count=2`.
pub(super) fn request_line(step: &Step) -> String {
    let query: Vec<String> = step
        .query
        .iter()
        .map(|(name, value)| format!("{name}={}", text(value)))
        .collect();
    let mark = if query.is_empty() { "" } else { "?" };
    let path = text(&step.path);
    let path = if path.is_empty() { "/" } else { path.as_str() };
    let target = format!("{path}{mark}{}", query.join("&"));
    match &step.action {
        Action::Send(method) => format!("{method} {target}"),
        Action::Walk(Paging::Index(count)) => {
            format!("{} {target}, page by page of {count}", Method::GET)
        }
        Action::Walk(Paging::Cursor(count)) => {
            format!("{} {target}, by cursor in pages of {count}", Method::GET)
        }
    }
}

/// Which key a step sends to the gateway.
fn key(key: Key) -> &'static str {
    match key {
        Key::First => "with the first key",
        Key::Second => "with the second key",
        Key::Header => "with the first key in the header",
        Key::Query => "with the first key in the query",
        Key::Wrong => "with a wrong key",
        Key::None => "without a key",
    }
}

/// What else a step sends: credential, header fields, body, and when.
pub(super) fn details(step: &Step) -> Vec<String> {
    let mut said = Vec::new();
    match step.to {
        To::Base => {}
        To::Gateway => said.push(format!("to the gateway, {}", key(step.key))),
        To::TokenEndpoint => said.push("to the token endpoint".to_owned()),
    }
    match &step.auth {
        StepAuth::Main => {}
        StepAuth::None => said.push("without credentials".to_owned()),
        StepAuth::Second => said.push("with the second credential".to_owned()),
        StepAuth::Header(value) => said.push(format!("Authorization: {}", text(value))),
    }
    for (name, value) in &step.headers {
        said.push(format!("{name}: {}", text(value)));
    }
    match &step.content_type {
        ContentType::Scim => {}
        ContentType::None => said.push("no Content-Type".to_owned()),
        ContentType::Other(value) => said.push(format!("Content-Type: {value}")),
    }
    if let Some(payload) = &step.body {
        said.push(format!("body: {}", body(payload)));
    }
    if let Some(wait) = &step.wait {
        let time = match wait {
            Wait::Fixed(fixed) => time(*fixed),
            Wait::Captured(template) => text(template),
        };
        said.push(format!("after {time}"));
    }
    if let Some(until) = step.until {
        said.push(format!("repeated for up to {}", time(until)));
    }
    if let Some(measure) = &step.measures {
        said.push(format!("repeated until it holds, which measures {measure}"));
    }
    said
}

/// What an expectation asks for: `an error with status 404`.
pub(super) fn expectation(one: &Expectation) -> String {
    let argument = value(&one.argument);
    expected(one.check.name(), &argument)
}

/// What a check of that name asks for with that argument.
pub(super) fn expected(check: &str, argument: &Value) -> String {
    match (check, argument) {
        ("status", _) => format!("status {}", alternatives(argument)),
        ("error", Value::Object(keys)) => {
            let parts = keys.iter().map(|(key, value)| in_error(key, value));
            format!("an error with {}", parts.collect::<Vec<_>>().join(", "))
        }
        ("error", _) => format!("an error with status {}", alternatives(argument)),
        ("body", _) => each_place(argument, "the body"),
        ("header", _) => each_place(argument, "the header"),
        ("list", Value::Object(keys)) => {
            let parts = keys.iter().map(|(key, value)| in_list(key, value));
            format!("a list: {}", parts.collect::<Vec<_>>().join("; "))
        }
        ("pages", Value::Object(keys)) => {
            let parts = keys.iter().map(|(key, value)| in_pages(key, value));
            format!("pages with {}", parts.collect::<Vec<_>>().join(", "))
        }
        ("paging", Value::String(word)) => match word.as_str() {
            "default" => "a page by the method that the target calls its default".to_owned(),
            "published" => "a cursor only where the configuration offers cursors".to_owned(),
            method => format!("a page by {method}"),
        },
        ("schema", Value::String(of)) => format!("a sound resource of type {of}"),
        ("schema", Value::Object(keys)) => {
            let of = keys.get("of").map(compact).unwrap_or_default();
            format!("a sound resource of type {}", of.trim_matches('"'))
        }
        ("echo", _) => "what was sent comes back".to_owned(),
        ("same_resource", _) => "the same resource, nothing more and nothing less".to_owned(),
        ("projection", Value::Object(keys)) => {
            let parts = keys
                .iter()
                .map(|(key, value)| format!("{key} {}", alternatives_with(value, ", ")));
            format!("a resource with {}", parts.collect::<Vec<_>>().join(", "))
        }
        ("etag", _) => format!("an entity tag: {}", matcher::describe(argument)),
        ("location", _) => "a Location that names the resource".to_owned(),
        ("no_body", _) => "no body".to_owned(),
        ("no_secret", _) => "no secret in headers or body".to_owned(),
        ("challenge", Value::Bool(_)) => "a WWW-Authenticate challenge".to_owned(),
        ("challenge", _) => format!("a challenge for {}", alternatives(argument)),
        ("media_type", _) => format!("media type {}", alternatives(argument)),
        ("unique", _) => format!("values that all differ at {}", alternatives(argument)),
        ("any_of", Value::Array(entries)) => {
            let entries = entries.iter().map(all_of).collect::<Vec<_>>();
            format!("either {}", entries.join(", or "))
        }
        _ => as_documented(check, argument),
    }
}

/// A check that has no words here: its argument, and what it says of itself.
fn as_documented(check: &str, argument: &Value) -> String {
    let argument = match argument {
        Value::Bool(true) => String::new(),
        other => format!(" {}", compact(other)),
    };
    let doc = expect::find(check).map_or("", |leaf| leaf.doc());
    let said = doc.strip_prefix("`true`: ").unwrap_or(doc);
    let said = said.split(". ").next().unwrap_or(said);
    format!("{check}{argument} ({})", said.trim_end_matches('.'))
}

/// Several expectations that must all hold, as `any_of` and tolerances write them.
pub(super) fn all_of(expectations: &Value) -> String {
    let Some(expectations) = expectations.as_object() else {
        return compact(expectations);
    };
    let each = expectations
        .iter()
        .map(|(check, argument)| expected(check, argument));
    each.collect::<Vec<_>>().join(" and ")
}

fn in_error(key: &str, value: &Value) -> String {
    match (key, value) {
        ("status" | "scimType", _) => format!("{key} {}", alternatives(value)),
        ("shape", Value::Bool(true)) => "all that a SCIM error holds".to_owned(),
        ("shape", _) => format!("its {}", alternatives(value)),
        _ => format!("{key} {}", matcher::describe(value)),
    }
}

fn in_pages(key: &str, value: &Value) -> String {
    let key = key.replace('_', " ");
    match value {
        Value::Bool(true) => key,
        _ => format!("{key} {}", compact(value)),
    }
}

fn in_list(key: &str, value: &Value) -> String {
    match key {
        "all" => format!("in each, {}", each_place(value, "the resource")),
        "some" => format!("in at least one, {}", each_place(value, "the resource")),
        "exactly" | "contains" | "excludes" | "ordered" => {
            format!("{key} {}", alternatives_with(value, ", "))
        }
        "sorted" => match value.get("by").and_then(Value::as_str) {
            Some(by) => format!("sorted by {by}"),
            None => format!("sorted {}", compact(value)),
        },
        _ => format!("{} {}", key.replace('_', " "), matcher::describe(value)),
    }
}

fn each_place(argument: &Value, whole: &str) -> String {
    let Some(places) = argument.as_object() else {
        return format!("{whole} is {}", matcher::describe(argument));
    };
    let each = places.iter().map(|(place, wanted)| {
        let place = if place.is_empty() { whole } else { place };
        format!("{place} is {}", matcher::describe(wanted))
    });
    each.collect::<Vec<_>>().join(", ")
}

fn alternatives(value: &Value) -> String {
    alternatives_with(value, " or ")
}

fn alternatives_with(value: &Value, between: &str) -> String {
    match value {
        Value::Array(items) => {
            let items = items.iter().map(|item| alternatives_with(item, between));
            items.collect::<Vec<_>>().join(between)
        }
        Value::String(text) => text.clone(),
        other => compact(other),
    }
}

fn body(payload: &Payload) -> String {
    match payload {
        Payload::Fixture { fixture, change } => changed(&fixture.name, change),
        Payload::From { name, change } => changed(&format!("{{{name}}}"), change),
        Payload::Literal(draft) => clip(&compact(&value(draft))),
        Payload::Raw(Raw::Text(template)) => clip(&text(template)),
        Payload::Raw(Raw::Form(pairs)) => {
            let pairs = pairs
                .iter()
                .map(|(name, value)| format!("{name}={}", text(value)));
            clip(&pairs.collect::<Vec<_>>().join("&"))
        }
        Payload::Raw(Raw::Bytes(bytes)) => format!("{} bytes", bytes.len()),
        Payload::Raw(Raw::Over(Limit::Operations)) => {
            "a bulk request with one operation more than maxOperations".to_owned()
        }
        Payload::Raw(Raw::Over(Limit::Payload)) => {
            "a bulk request of one byte more than maxPayloadSize".to_owned()
        }
    }
}

fn changed(what: &str, change: &Change) -> String {
    let mut said = what.to_owned();
    if let Some(with) = &change.with {
        said.push_str(" with ");
        said.push_str(&clip(&compact(&value(with))));
    }
    if !change.without.is_empty() {
        said.push_str(" without ");
        said.push_str(&change.without.join(", "));
    }
    said
}

fn value(draft: &Draft) -> Value {
    draft.render(&Unfilled).unwrap_or_default()
}

fn text(template: &Template) -> String {
    template.text(&Unfilled).unwrap_or_default()
}

fn compact(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn time(time: Duration) -> String {
    let millis = time.as_millis();
    if millis.is_multiple_of(1000) {
        format!("{} s", millis / 1000)
    } else {
        format!("{millis} ms")
    }
}

fn clip(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_BODY) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expectations_read_as_words() {
        for (check, argument, words) in [
            ("status", json!([200, "2xx"]), "status 200 or 2xx"),
            ("error", json!(404), "an error with status 404"),
            (
                "error",
                json!({"status": 400, "scimType": ["noTarget", "invalidPath"]}),
                "an error with status 400, scimType noTarget or invalidPath",
            ),
            (
                "body",
                json!({"/active": false, "/title": "absent"}),
                "/active is false, /title is nothing",
            ),
            (
                "header",
                json!({"location": "present"}),
                "location is a value",
            ),
            (
                "list",
                json!({"total": 1, "contains": ["{u1.id}"]}),
                "a list: total 1; contains {u1.id}",
            ),
            (
                "any_of",
                json!([{"error": 400}, {"status": 200, "body": {"/a": 1}}]),
                "either an error with status 400, or status 200 and /a is 1",
            ),
            ("schema", json!("User"), "a sound resource of type User"),
            (
                "pages",
                json!({"size_at_most": 2, "no_duplicates": true}),
                "pages with size at most 2, no duplicates",
            ),
            ("paging", json!("cursor"), "a page by cursor"),
            ("unheard-of", json!(1), "unheard-of 1 ()"),
            ("no_body", json!(true), "no body"),
            ("challenge", json!("Bearer"), "a challenge for Bearer"),
        ] {
            assert_eq!(expected(check, &argument), words, "{check}");
        }
    }

    #[test]
    fn long_bodies_are_clipped_between_characters() {
        let long = "ä ".repeat(MAX_BODY);
        assert_eq!(clip(&long).chars().count(), MAX_BODY + 1);
        assert_eq!(clip("a\n  b"), "a b");
    }
}
