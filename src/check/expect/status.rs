//! `status`: the status code.

use serde_json::Value;

use super::{ArgumentError, Context, Exchange, Expect, Judgement, wrong};
use crate::check::{matcher, subject};

/// The expectation.
pub(super) struct Leaf;

impl Expect for Leaf {
    fn name(&self) -> &'static str {
        "status"
    }

    fn doc(&self) -> &'static str {
        "The status code is this one, of this class, or one of these: `204`, `2xx`, `[200, 204, 4xx]`."
    }

    fn lint(&self, argument: &Value) -> Result<(), ArgumentError> {
        lint_value(argument, "")
    }

    fn judge(&self, argument: &Value, exchange: &Exchange, _: &Context<'_>) -> Judgement {
        judge_status(argument, exchange)
    }
}

/// Judges the status of an exchange; also one whose body was unusable.
pub(super) fn judge_status(argument: &Value, exchange: &Exchange) -> Judgement {
    let head = exchange
        .failure
        .as_ref()
        .and_then(|failure| failure.status.filter(|_| failure.kind.is_servers()));
    let actual = match (subject::response(exchange), head) {
        (Ok(response), _) => response.status,
        (Err(_), Some(status)) => status,
        (Err(judgement), None) => return judgement,
    };
    if accepts(argument, actual) {
        return Judgement::Held;
    }
    Judgement::broken("response.status", describe(argument), actual.to_string())
}

/// Whether a status is among the expected ones.
fn accepts(argument: &Value, status: u16) -> bool {
    match argument {
        Value::Array(items) => items.iter().any(|item| accepts(item, status)),
        Value::Number(number) => number.as_u64() == Some(u64::from(status)),
        Value::String(text) => {
            class(text).map_or_else(|| text.parse() == Ok(status), |class| class == status / 100)
        }
        _ => false,
    }
}

/// The classes (first digits) of the expected statuses.
pub(super) fn classes(argument: &Value) -> Vec<u16> {
    let of_number = |number: u64| u16::try_from(number / 100).unwrap_or_default();
    match argument {
        Value::Array(items) => items.iter().flat_map(classes).collect(),
        Value::Number(number) => number.as_u64().map(of_number).into_iter().collect(),
        Value::String(text) => class(text)
            .or_else(|| text.parse().ok().map(of_number))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

fn class(text: &str) -> Option<u16> {
    let digit = text.strip_suffix("xx")?.parse().ok()?;
    (1..=5).contains(&digit).then_some(digit)
}

fn describe(argument: &Value) -> String {
    match argument {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(describe).collect();
            items.join(" or ")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Refuses what names no status.
pub(super) fn lint_value(argument: &Value, at: &str) -> Result<(), ArgumentError> {
    let good = match argument {
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                lint_value(item, &format!("{at}/{index}"))?;
            }
            true
        }
        Value::Number(number) => number.as_u64().is_some_and(|it| (100..600).contains(&it)),
        Value::String(text) => {
            class(text).is_some()
                || text.parse().is_ok_and(|it: u16| (100..600).contains(&it))
                || matcher::has_template(argument)
        }
        _ => false,
    };
    if good {
        return Ok(());
    }
    let message = format!("{argument} is no status");
    Err(wrong(at, message, "204, 2xx or [200, 204]"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{broken, held, judge, refused};
    use super::*;
    use crate::check::sample::Sample;
    use crate::exchange::FailureKind;

    #[test]
    fn a_status_is_named_by_code_class_or_list() {
        for (argument, good, bad, expected) in [
            (json!(204), 204, 200, "204"),
            (json!("2xx"), 299, 300, "2xx"),
            (json!([200, "4xx"]), 404, 204, "200 or 4xx"),
            (json!("204"), 204, 205, "204"),
        ] {
            held("status", &argument, Sample::get("/Users").status(good));
            let sample = Sample::get("/Users").status(bad);
            broken(
                "status",
                &argument,
                sample,
                "response.status",
                &bad.to_string(),
            );
            assert_eq!(describe(&argument), expected);
        }
    }

    #[test]
    fn the_status_of_an_unusable_body_still_counts() {
        let mut exchange = Sample::get("/Users").failed(FailureKind::Framing).build();
        let capabilities = crate::check::sample::capabilities();
        let context = crate::check::sample::context(&capabilities);
        assert!(matches!(
            Leaf.judge(&json!(200), &exchange, &context),
            Judgement::Inapplicable(_)
        ));
        if let Some(failure) = &mut exchange.failure {
            failure.status = Some(200);
        }
        assert_eq!(
            Leaf.judge(&json!(200), &exchange, &context),
            Judgement::Held
        );
        assert!(matches!(
            judge(
                "status",
                &json!(200),
                Sample::get("/").failed(FailureKind::Dns)
            ),
            Judgement::Undecided(_)
        ));
    }

    #[test]
    fn what_is_no_status_is_refused() {
        for (argument, at) in [
            (json!(99), ""),
            (json!("2x"), ""),
            (json!("9xx"), ""),
            (json!([]), ""),
            (json!([200, "ok"]), "/1"),
            (json!(true), ""),
        ] {
            refused("status", &argument, at);
        }
    }
}
