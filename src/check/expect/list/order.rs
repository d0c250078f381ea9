//! `sorted` of `list`: the order of resources by one attribute (RFC 7644 §3.4.2.3).

use std::cmp::Ordering;

use serde_json::Value;

use super::super::{ArgumentError, Judgement, lint_keys, wrong};
use crate::check::equality::instant;
use crate::check::place::{brief, escape};
use crate::scim::resource::member;
use crate::scim::urn;

pub(super) fn lint(argument: &Value) -> Result<(), ArgumentError> {
    lint_keys(argument, &["by", "order", "case_exact"]).map_err(|error| ArgumentError {
        at: format!("/sorted{}", error.at),
        ..error
    })?;
    if !argument.get("by").is_some_and(Value::is_string) {
        return Err(wrong("/sorted/by", "it names no attribute", "userName"));
    }
    match argument.get("order").map(Value::as_str) {
        None | Some(Some("ascending" | "descending")) => Ok(()),
        Some(Some(text)) if text.contains("{{") => Ok(()),
        Some(_) => Err(wrong(
            "/sorted/order",
            "it is no order",
            "ascending or descending",
        )),
    }
}

/// Judges each pair of neighbours; resources without the attribute are passed over.
pub(super) fn judge(argument: &Value, resources: &[Value]) -> Judgement {
    let by = argument
        .get("by")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let descending = argument.get("order").and_then(Value::as_str) == Some("descending");
    let case_exact = argument.get("case_exact") == Some(&Value::Bool(true));
    let values: Vec<(usize, &Value)> = resources
        .iter()
        .enumerate()
        .filter_map(|(index, resource)| Some((index, sort_value(resource, by)?)))
        .collect();
    if values.len() < 2 {
        return Judgement::Inapplicable(format!("fewer than two resources have {by}"));
    }
    for pair in values.windows(2) {
        let [(_, earlier), (index, later)] = pair else {
            continue;
        };
        let order = compare(earlier, later, case_exact);
        let wrong = if descending {
            Ordering::Less
        } else {
            Ordering::Greater
        };
        if order == wrong {
            let expected = if descending {
                "descending"
            } else {
                "ascending"
            };
            return Judgement::broken(
                format!("/Resources/{index}/{}", by.replace('.', "/")),
                format!("{expected} order"),
                format!("{} after {}", brief(later), brief(earlier)),
            );
        }
    }
    Judgement::Held
}

/// The value that orders a resource: of a multi-valued attribute the primary one, else the first.
fn sort_value<'a>(resource: &'a Value, by: &str) -> Option<&'a Value> {
    let (holder, path) = match by.rsplit_once(':') {
        Some((schema, path)) => (
            member(resource, schema)
                .filter(|_| urn::is_urn(by))
                .unwrap_or(resource),
            path,
        ),
        None => (resource, by),
    };
    let mut value = holder;
    let mut names = path.split('.').map(escape);
    let mut pending = names.next();
    while let Some(name) = pending {
        value = single(member(value, &name)?)?;
        pending = names.next();
    }
    let value = if value.is_object() {
        member(value, "value")?
    } else {
        value
    };
    (!value.is_null()).then_some(value)
}

fn single(value: &Value) -> Option<&Value> {
    let Value::Array(items) = value else {
        return Some(value);
    };
    let is_primary = |item: &&Value| member(item, "primary") == Some(&Value::Bool(true));
    items.iter().find(is_primary).or_else(|| items.first())
}

/// Compares by the data type that the values show; what cannot be compared counts as equal, and
/// so does text beyond ASCII, for which no order is defined.
fn compare(a: &Value, b: &Value, case_exact: bool) -> Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) => {
            if let (Some(a), Some(b)) = (instant(a), instant(b)) {
                return a.cmp(&b);
            }
            if !a.is_ascii() || !b.is_ascii() {
                return Ordering::Equal;
            }
            if case_exact {
                return a.cmp(b);
            }
            a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase())
        }
        (Value::Number(a), Value::Number(b)) => a
            .as_f64()
            .partial_cmp(&b.as_f64())
            .unwrap_or(Ordering::Equal),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(argument: &Value, resources: &Value, expected: Option<bool>) {
        let judged = judge(argument, resources.as_array().unwrap());
        let got = match judged {
            Judgement::Held => Some(true),
            Judgement::Broken(_) => Some(false),
            _ => None,
        };
        assert_eq!(got, expected, "{argument} {resources}");
    }

    #[test]
    fn neighbours_are_compared_by_type_and_case() {
        let names = |a: &str, b: &str| json!([{"userName": a}, {"other": 1}, {"userName": b}]);
        let by = json!({"by": "userName"});
        check(&by, &names("a", "B"), Some(true));
        check(&by, &names("B", "a"), Some(false));
        check(&by, &names("é", "a"), Some(true));
        check(
            &json!({"by": "userName", "case_exact": true}),
            &names("B", "a"),
            Some(true),
        );
        check(
            &json!({"by": "userName", "order": "descending"}),
            &names("b", "A"),
            Some(true),
        );
        check(&by, &json!([{"userName": "a"}]), None);
        let time = json!({"by": "meta.created"});
        let times = json!([{"meta": {"created": "2026-01-01T02:00:00+02:00"}}, {"meta": {"created": "2026-01-01T00:30:00Z"}}]);
        check(&time, &times, Some(true));
        let mails = json!([
            {"emails": [{"value": "z"}, {"value": "a", "primary": true}]},
            {"emails": [{"value": "b"}]},
        ]);
        check(&json!({"by": "emails"}), &mails, Some(true));
        check(&json!({"by": "emails.value"}), &mails, Some(true));
        let extension =
            json!([{"urn:x:User": {"department": "b"}}, {"urn:x:User": {"department": "a"}}]);
        check(
            &json!({"by": "urn:x:User:department"}),
            &extension,
            Some(false),
        );
    }
}
