//! Expectations reduced to what is looked at in every answer: the status, and how many there are.

use serde_json::Value;

use super::model::Statuses;
use crate::payload::Scope;
use crate::suite::Step;

/// Statuses that are right, and the `totalResults` that is.
pub(super) fn reduced(step: &Step, scope: &Scope) -> (Statuses, Option<u64>) {
    let (mut accept, mut total) = (None, None);
    for expectation in &step.expect {
        let Ok(argument) = expectation.argument.render(scope) else {
            continue;
        };
        let tolerates = !expectation.tolerate.is_empty();
        match expectation.check.name() {
            "status" if accept.is_none() => accept = Some(statuses(&argument, tolerates)),
            "error" if accept.is_none() => {
                let status = argument.get("status").unwrap_or(&argument);
                accept = Some(statuses(status, tolerates));
            }
            "any_of" if accept.is_none() => {
                let status = |one: &Value| one.get("status").cloned();
                let any: Vec<Value> = argument
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(status)
                    .collect();
                accept = Some(statuses(&Value::Array(any), tolerates));
            }
            "list" => total = total.or_else(|| argument.get("total")?.as_u64()),
            _ => {}
        }
    }
    let accept = accept.filter(|accept| !accept.ranges.is_empty());
    (accept.unwrap_or_else(Statuses::success), total)
}

/// `204`, `[200, 204]` or `2xx`. Where deviations are tolerated, the whole class is right: only the
/// full set of checks can tell them apart.
fn statuses(argument: &Value, tolerates: bool) -> Statuses {
    let class = |status: u16| (status / 100 * 100, status / 100 * 100 + 99);
    let one = |value: &Value| -> Option<(u16, u16)> {
        if let Some(status) = value.as_u64().and_then(|it| u16::try_from(it).ok()) {
            return Some(if tolerates {
                class(status)
            } else {
                (status, status)
            });
        }
        let digit: u16 = value.as_str()?.strip_suffix("xx")?.parse().ok()?;
        Some((digit * 100, digit * 100 + 99))
    };
    let ranges = match argument {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        value => one(value).into_iter().collect(),
    };
    Statuses { ranges }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn statuses_are_read_as_the_check_reads_them() {
        let check = |argument: Value, tolerates: bool, right: &[u16], wrong: &[u16]| {
            let statuses = statuses(&argument, tolerates);
            assert!(
                right.iter().all(|status| statuses.has(*status)),
                "{argument}"
            );
            assert!(
                !wrong.iter().any(|status| statuses.has(*status)),
                "{argument}"
            );
        };
        check(json!(204), false, &[204], &[200, 404]);
        check(json!(204), true, &[204, 200], &[404]);
        check(json!([200, 204]), false, &[200, 204], &[201]);
        check(json!("2xx"), false, &[200, 299], &[300, 199]);
        check(json!(["2xx", 404]), false, &[201, 404], &[409]);
    }
}
