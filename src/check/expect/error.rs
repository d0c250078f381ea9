//! `error`: a refusal by status, and what its Error message says.

use serde_json::Value;

use super::status;
use super::{ArgumentError, Context, Exchange, Expect, Judgement, lint_keys, texts, wrong};
use crate::check::place::{brief_or_absent, clip};
use crate::check::{matcher, subject};
use crate::scim::error::ScimType;
use crate::scim::resource::member;
use crate::scim::urn;

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "error"
    }

    fn doc(&self) -> &'static str {
        "The request is refused: `404`, `4xx`, or `{ status: 400, scimType: [invalidFilter, invalidPath], detail: present, shape: true }`. \
         A missing scimType is the tolerated deviation F17. The form of the Error message is judged on demand only: `shape: schemas`, \
         `shape: status` (it repeats the HTTP status) or `shape: true` (both, the status as text); the invariant error-shape judges it everywhere."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        if !argument.is_object() {
            return status::lint_value(argument, "");
        }
        lint_keys(argument, &["status", "scimType", "detail", "shape"])?;
        if let Some(wanted) = argument.get("status") {
            status::lint_value(wanted, "/status")?;
        }
        if let Some(detail) = argument.get("detail") {
            matcher::lint(detail, "/detail")?;
        }
        let is_shape =
            |shape: &Value| shape.is_boolean() || shape == "schemas" || shape == "status";
        if argument.get("shape").is_some_and(|shape| !is_shape(shape)) {
            return Err(wrong(
                "/shape",
                "it is no part of the form",
                "true, schemas or status",
            ));
        }
        let Some(wanted) = argument.get("scimType") else {
            return Ok(());
        };
        let keywords = keywords(wanted);
        match keywords.iter().find(|word| !is_keyword(word)) {
            _ if keywords.is_empty() => Err(wrong(
                "/scimType",
                "it names no keyword",
                "uniqueness, or a list",
            )),
            Some(unknown) => Err(wrong(
                "/scimType",
                format!("the keyword {unknown} is not known"),
                &nearest(unknown),
            )),
            None => Ok(()),
        }
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, _: &Context<'_>) -> Judgement {
        let wanted = if argument.is_object() {
            argument.get("status")
        } else {
            Some(argument)
        };
        let any_error = Value::from(vec!["4xx", "5xx"]);
        let judged = status::judge_status(wanted.unwrap_or(&any_error), exchange);
        if judged != Judgement::Held {
            return judged;
        }
        let judges_message = ["scimType", "detail", "shape"].iter().any(|key| {
            argument
                .get(key)
                .is_some_and(|value| value != &Value::Bool(false))
        });
        if !judges_message {
            return Judgement::Held;
        }
        match subject::body(exchange) {
            Ok(body) => judge_message(argument, body, exchange.status().unwrap_or_default()),
            Err(judgement) => judgement,
        }
    }
}

fn judge_message(argument: &Value, body: &Value, status: u16) -> Judgement {
    if let Some(shape) = argument.get("shape")
        && let Some(judgement) = wrong_shape(shape, body, status)
    {
        return judgement;
    }
    if let Some(wanted) = argument.get("scimType") {
        let judged = judge_scim_type(&keywords(wanted), body);
        if judged != Judgement::Held {
            return judged;
        }
    }
    if let Some(wanted) = argument.get("detail")
        && let Err(mismatch) = matcher::fits(wanted, member(body, "detail"))
    {
        return Judgement::broken("/detail", mismatch.expected, mismatch.actual);
    }
    Judgement::Held
}

fn judge_scim_type(wanted: &[&str], body: &Value) -> Judgement {
    let actual = member(body, "scimType").filter(|value| !value.is_null());
    let fits = match actual {
        Some(Value::String(keyword)) => wanted.contains(&keyword.as_str()),
        None => wanted.contains(&"absent"),
        Some(_) => false,
    };
    if fits {
        return Judgement::Held;
    }
    let judgement = Judgement::broken("/scimType", wanted.join(" or "), brief_or_absent(actual));
    if actual.is_none() {
        return judgement.tolerated("F17");
    }
    judgement
}

/// The first deviation of a body from the form of an Error message (RFC 7644 §3.12).
fn wrong_shape(shape: &Value, body: &Value, status: u16) -> Option<Judgement> {
    let whole = shape == &Value::Bool(true);
    if (whole || shape == "schemas") && !urn::listed(body, urn::ERROR) {
        let actual = brief_or_absent(member(body, "schemas"));
        return Some(Judgement::broken("/schemas", urn::ERROR, actual));
    }
    if !whole && shape != "status" {
        return None;
    }
    let stated = member(body, "status");
    let expected = Value::from(status.to_string());
    let is_number = stated.and_then(Value::as_u64) == Some(u64::from(status));
    if stated == Some(&expected) || (is_number && !whole) {
        return None;
    }
    let judgement = Judgement::broken("/status", expected.to_string(), brief_or_absent(stated));
    Some(if is_number {
        judgement.tolerated("F16")
    } else {
        judgement
    })
}

/// Keywords of `uniqueness`, `[…]` or `{ one_of: […] }`.
fn keywords(wanted: &Value) -> Vec<&str> {
    texts(wanted.get("one_of").unwrap_or(wanted))
}

fn is_keyword(word: &str) -> bool {
    word == "absent" || word.contains("{{") || ScimType::of(word).is_some()
}

fn nearest(word: &str) -> String {
    ScimType::ALL
        .into_iter()
        .map(ScimType::keyword)
        .max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b)))
        .map(|near| clip(&format!("did you mean {near}?")))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, refused, tolerated};
    use super::*;
    use crate::check::sample::Sample;

    fn error(status: u16, body: &Value) -> Sample {
        Sample::get("/Users").status(status).body(body)
    }

    #[test]
    fn the_status_decides() {
        for argument in [
            json!(404),
            json!("4xx"),
            json!({"status": [404, 410]}),
            json!({}),
        ] {
            held(
                "error",
                &argument,
                Sample::get("/Users/1").status(404).text("<html>"),
            );
            let sample = Sample::get("/Users/1").status(200);
            broken("error", &argument, sample, "response.status", "200");
        }
    }

    #[test]
    fn the_keyword_is_one_of_those_wanted() {
        let body = json!({"schemas": [urn::ERROR], "status": "400", "scimType": "invalidPath"});
        for wanted in [
            json!("invalidPath"),
            json!(["noTarget", "invalidPath"]),
            json!({"one_of": ["invalidPath"]}),
        ] {
            held(
                "error",
                &json!({"status": 400, "scimType": wanted}),
                error(400, &body),
            );
        }
        let argument = json!({"scimType": "uniqueness"});
        broken(
            "error",
            &argument,
            error(400, &body),
            "/scimType",
            "\"invalidPath\"",
        );
        tolerated(
            "error",
            &argument,
            error(400, &json!({"status": "400"})),
            "F17",
        );
        held(
            "error",
            &json!({"scimType": ["absent", "noTarget"]}),
            error(400, &json!({"scimType": null})),
        );
        broken(
            "error",
            &argument,
            Sample::get("/").status(400).text("no"),
            "response.body",
            "no",
        );
    }

    #[test]
    fn the_shape_is_judged_on_demand() {
        let shape = json!({"shape": true});
        held(
            "error",
            &shape,
            error(404, &json!({"schemas": [urn::ERROR], "status": "404"})),
        );
        broken(
            "error",
            &shape,
            error(404, &json!({"status": "404"})),
            "/schemas",
            "absent",
        );
        broken(
            "error",
            &shape,
            error(404, &json!({"schemas": [urn::ERROR], "status": "400"})),
            "/status",
            "\"400\"",
        );
        tolerated(
            "error",
            &shape,
            error(404, &json!({"schemas": [urn::ERROR], "status": 404})),
            "F16",
        );
        broken(
            "error",
            &json!({"detail": "present"}),
            error(404, &json!({})),
            "/detail",
            "absent",
        );
    }

    #[test]
    fn each_part_of_the_shape_stands_alone() {
        let number = || error(404, &json!({"status": 404}));
        held("error", &json!({"shape": "status"}), number());
        broken(
            "error",
            &json!({"shape": "schemas"}),
            number(),
            "/schemas",
            "absent",
        );
        let other = || error(404, &json!({"schemas": [urn::ERROR], "status": "400"}));
        held("error", &json!({"shape": "schemas"}), other());
        broken(
            "error",
            &json!({"shape": "status"}),
            other(),
            "/status",
            "\"400\"",
        );
    }

    #[test]
    fn wrong_arguments_are_refused() {
        refused("error", &json!({"scimtype": "uniqueness"}), "/scimtype");
        refused("error", &json!({"scimType": "unique"}), "/scimType");
        refused("error", &json!({"scimType": 3}), "/scimType");
        refused("error", &json!({"status": "x"}), "/status");
        refused("error", &json!({"shape": 1}), "/shape");
        refused("error", &json!({"shape": "detail"}), "/shape");
        refused("error", &json!("none"), "");
    }
}
