//! `body`: values in the body by JSON Pointer.

use serde_json::{Map, Value};

use super::{ArgumentError, Context, Exchange, Expect, Judgement, judge_matchers, lint_matchers};
use crate::check::{returned, subject};

/// The expectation.
pub(super) struct Leaf;

/// Members of an Error message, which may be judged without a success.
const ERROR_MEMBERS: [&str; 3] = ["/status", "/scimtype", "/detail"];

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "body"
    }

    fn doc(&self) -> &'static str {
        "Values in the body match: `{ /emails/0/type: work, /Resources/*/id: present, /password: absent }`. \
         JSON Pointers; `*` stands for each element, names compare without case, an extension's URN is one segment. \
         Needs a success, except for `/status`, `/scimType` and `/detail` of an Error message."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_matchers(argument, "")
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, context: &Context<'_>) -> Judgement {
        let of_error = argument.as_object().is_some_and(|pointers| {
            pointers
                .keys()
                .all(|pointer| ERROR_MEMBERS.contains(&pointer.to_ascii_lowercase().as_str()))
        });
        let body = if of_error {
            subject::body(exchange)
        } else {
            subject::success_body(exchange)
        };
        match body {
            Ok(body) => match judge_matchers(argument, body, "") {
                Judgement::Broken(_) => judge_shown(argument, body, exchange, context),
                judgement => judgement,
            },
            Err(judgement) => judgement,
        }
    }
}

/// Judges what the target's schemas do not explain: an attribute that is returned on request only may be missing, one
/// that is always returned may be there.
fn judge_shown(
    argument: &Value,
    body: &Value,
    exchange: &Exchange,
    context: &Context<'_>,
) -> Judgement {
    let mut explained = None;
    let mut rest = Map::new();
    for (pointer, matcher) in argument.as_object().into_iter().flatten() {
        match returned::explains(pointer, matcher, body, exchange, context) {
            Some(why) => explained = Some(why),
            None => {
                rest.insert(pointer.clone(), matcher.clone());
            }
        }
    }
    match (judge_matchers(&Value::Object(rest), body, ""), explained) {
        (Judgement::Held, Some(why)) => Judgement::Inapplicable(why),
        (judgement, _) => judgement,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, inapplicable, judge, refused};
    use super::*;
    use crate::check::sample::{self, Sample};

    fn user() -> Sample {
        Sample::get("/Users/2819").body(&sample::user())
    }

    #[test]
    fn values_are_found_at_their_pointers() {
        held(
            "body",
            &json!({"/USERNAME": "bjensen", "/emails/*/type": "work", "/password": "absent", "/phones/*/value": "absent",
                    "/emails": {"has": {"primary": true}}, "/meta/created": "2026-01-01T01:00:00+01:00"}),
            user(),
        );
        broken(
            "body",
            &json!({"/emails/*/type": "home"}),
            user(),
            "/emails/0/type",
            "\"work\"",
        );
        broken(
            "body",
            &json!({"/name/honorific": "present"}),
            user(),
            "/name/honorific",
            "absent",
        );
        broken(
            "body",
            &json!({"/userName/*": "present"}),
            user(),
            "/userName/*",
            "absent",
        );
    }

    #[test]
    fn a_star_over_nothing_judges_nothing() {
        inapplicable("body", &json!({"/phones/*/value": "present"}), user());
    }

    #[test]
    fn further_deviations_are_counted() {
        let judgement = judge("body", &json!({"/userName": "x", "/id": "y"}), user());
        let Judgement::Broken(deviation) = judgement else {
            panic!("{judgement:?}")
        };
        assert_eq!(deviation.hint.as_deref(), Some("1 more in the same answer"));
    }

    #[test]
    fn without_a_success_only_error_members_are_judged() {
        let error = || {
            Sample::get("/Users/1")
                .status(404)
                .body(&json!({"status": "404"}))
        };
        inapplicable("body", &json!({"/userName": "x"}), error());
        held(
            "body",
            &json!({"/status": "404", "/scimType": "absent"}),
            error(),
        );
        broken(
            "body",
            &json!({"/status": {"same_as": 404}}),
            error(),
            "/status",
            "\"404\"",
        );
    }

    #[test]
    fn a_body_that_is_no_json_is_a_deviation() {
        let argument = json!({"/id": "present"});
        broken(
            "body",
            &argument,
            Sample::get("/Users/1").text("<html>"),
            "response.body",
            "<html>",
        );
        broken(
            "body",
            &argument,
            Sample::get("/Users/1"),
            "response.body",
            "no body",
        );
        inapplicable("body", &argument, Sample::new("HEAD", "/Users/1"));
    }

    #[test]
    fn wrong_pointers_and_matchers_are_refused() {
        refused("body", &json!([]), "");
        refused("body", &json!({}), "");
        refused("body", &json!({"userName": "x"}), "/userName");
        refused("body", &json!({"/a": {"type": "work"}}), "/~1a/type");
    }
}
