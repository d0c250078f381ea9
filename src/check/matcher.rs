//! Matchers: what a scenario says of a single value.
//!
//! A literal means SCIM equality; the words `absent` and `present` and an object of the keys in
//! [`KEYS`] mean a matcher, all of whose keys must hold.

use regex::Regex;
use serde_json::{Map, Value};

use super::ArgumentError;
use super::equality::{equal, holds, instant, pairs, unassigned};
use super::place::{brief, brief_or_absent, clip, escape};
use super::typing::is_uri;

/// Keys of a matcher.
pub const KEYS: [&str; 16] = [
    "is", "not", "one_of", "type", "matches", "contains", "has", "set", "count", "absent",
    "present", "after", "before", "same_as", "at_least", "at_most",
];

const TYPES: [&str; 9] = [
    "string", "boolean", "number", "integer", "object", "array", "dateTime", "uri", "binary",
];

/// Why a value does not fit a matcher, both sides in brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What was asked for.
    pub expected: String,
    /// What stands there.
    pub actual: String,
}

/// Judges a value, or its absence, by a matcher.
///
/// # Errors
/// Where the value does not fit.
pub fn fits(matcher: &Value, found: Option<&Value>) -> Result<(), Mismatch> {
    if holds_all(matcher, found) {
        return Ok(());
    }
    Err(Mismatch {
        expected: clip(&describe(matcher)),
        actual: brief_or_absent(found),
    })
}

/// Whether a matcher is content with nothing at all: `absent`, null, `not: …`.
pub fn allows_absence(matcher: &Value) -> bool {
    holds_all(matcher, None)
}

fn holds_all(matcher: &Value, found: Option<&Value>) -> bool {
    match matcher {
        Value::String(word) if word == "absent" => unassigned(found),
        Value::String(word) if word == "present" => !unassigned(found),
        Value::Object(keys) if is_matcher(keys) => keys
            .iter()
            .all(|(key, argument)| holds_key(key, argument, found)),
        literal => equal(found, Some(literal)),
    }
}

fn is_matcher(keys: &Map<String, Value>) -> bool {
    !keys.is_empty() && keys.keys().all(|key| is_key(key))
}

fn is_key(key: &str) -> bool {
    KEYS.contains(&key)
}

fn holds_key(key: &str, argument: &Value, found: Option<&Value>) -> bool {
    match key {
        "is" => equal(found, Some(argument)),
        "not" => !holds_all(argument, found),
        "one_of" => list(argument).iter().any(|item| holds_all(item, found)),
        "type" => argument.as_str().is_some_and(|name| has_type(name, found)),
        "matches" => argument
            .as_str()
            .and_then(|pattern| Regex::new(pattern).ok())
            .zip(found.and_then(Value::as_str))
            .is_some_and(|(pattern, text)| pattern.is_match(text)),
        "contains" => contains(found, argument),
        "has" => has(found, argument),
        "set" => is_set(found, list(argument)),
        "count" => holds_all(argument, Some(&Value::from(count(found)))),
        "absent" => unassigned(found) == argument.as_bool().unwrap_or(true),
        "present" => unassigned(found) != argument.as_bool().unwrap_or(true),
        "after" => in_order(Some(argument), found),
        "before" => in_order(found, Some(argument)),
        "same_as" => found == Some(argument),
        "at_least" => number(found)
            .zip(number(Some(argument)))
            .is_some_and(|(a, b)| a >= b),
        _ => number(found)
            .zip(number(Some(argument)))
            .is_some_and(|(a, b)| a <= b),
    }
}

fn list(argument: &Value) -> &[Value] {
    argument.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: Option<&Value>) -> Option<f64> {
    value.and_then(Value::as_f64)
}

fn count(found: Option<&Value>) -> usize {
    match found {
        Some(Value::Array(items)) => items.len(),
        other => usize::from(!unassigned(other)),
    }
}

fn contains(found: Option<&Value>, argument: &Value) -> bool {
    match (found, argument) {
        (Some(Value::String(text)), Value::String(part)) => text.contains(part.as_str()),
        (Some(Value::Array(items)), _) => {
            items.iter().any(|item| equal(Some(item), Some(argument)))
        }
        _ => false,
    }
}

fn has(found: Option<&Value>, part: &Value) -> bool {
    match found {
        Some(Value::Array(items)) => items.iter().any(|item| holds(Some(item), part)),
        other => holds(other, part),
    }
}

fn is_set(found: Option<&Value>, parts: &[Value]) -> bool {
    match found {
        Some(Value::Array(items)) => {
            items.len() == parts.len() && pairs(parts, items, |part, item| holds(Some(item), part))
        }
        other => parts.is_empty() && unassigned(other),
    }
}

fn in_order(earlier: Option<&Value>, later: Option<&Value>) -> bool {
    let time = |value: Option<&Value>| value.and_then(Value::as_str).and_then(instant);
    time(earlier).zip(time(later)).is_some_and(|(a, b)| a < b)
}

fn has_type(name: &str, found: Option<&Value>) -> bool {
    let Some(value) = found else { return false };
    match (name, value) {
        ("string", Value::String(_))
        | ("boolean", Value::Bool(_))
        | ("number", Value::Number(_))
        | ("object", Value::Object(_))
        | ("array", Value::Array(_)) => true,
        ("integer", Value::Number(number)) => number.is_i64() || number.is_u64(),
        ("dateTime", Value::String(text)) => instant(text).is_some(),
        ("uri", Value::String(text)) => is_uri(text),
        ("binary", Value::String(text)) => super::typing::is_base64(text),
        _ => false,
    }
}

/// What a matcher asks for, in words.
pub fn describe(matcher: &Value) -> String {
    match matcher {
        Value::String(word) if word == "absent" => "nothing".to_owned(),
        Value::String(word) if word == "present" => "a value".to_owned(),
        Value::Object(keys) if is_matcher(keys) => {
            let parts: Vec<String> = keys
                .iter()
                .map(|(key, argument)| describe_key(key, argument))
                .collect();
            parts.join(" and ")
        }
        literal if unassigned(Some(literal)) => "nothing".to_owned(),
        literal => brief(literal),
    }
}

fn describe_key(key: &str, argument: &Value) -> String {
    let shown = brief(argument);
    let wanted = argument.as_bool().unwrap_or(true);
    match key {
        "is" => shown,
        "not" => format!("not {}", describe(argument)),
        "one_of" => {
            let items: Vec<String> = list(argument).iter().map(describe).collect();
            items.join(" or ")
        }
        "type" => format!("a value of type {}", argument.as_str().unwrap_or_default()),
        "matches" => format!(
            "text that matches {}",
            argument.as_str().unwrap_or_default()
        ),
        "contains" => format!("something that contains {shown}"),
        "has" => format!("a value with {shown}"),
        "set" => format!("exactly {shown} in any order"),
        "count" => format!("as many values as {}", describe(argument)),
        "absent" if wanted => "nothing".to_owned(),
        "present" if !wanted => "nothing".to_owned(),
        "absent" | "present" => "a value".to_owned(),
        "after" => format!("a time after {shown}"),
        "before" => format!("a time before {shown}"),
        "same_as" => format!("the very same {shown}"),
        "at_least" => format!("at least {shown}"),
        _ => format!("at most {shown}"),
    }
}

/// Refuses a matcher that could never mean what its writer wants.
///
/// # Errors
/// Where a key, a type name, a pattern or the shape of an argument is wrong.
pub fn lint(matcher: &Value, at: &str) -> Result<(), ArgumentError> {
    let Value::Object(keys) = matcher else {
        return Ok(());
    };
    if keys.is_empty() || !keys.keys().any(|key| is_key(key)) {
        let Some(near) = keys.keys().find_map(|key| misspelled(key)) else {
            return Ok(());
        };
        return Err(error(
            at,
            "it holds no known matcher".into(),
            Some(format!("did you mean {near}?")),
        ));
    }
    for (key, argument) in keys {
        let at = format!("{at}/{}", escape(key));
        if !is_key(key) {
            let hint = misspelled(key).map_or_else(
                || "to compare with an object, write {is: {…}} or {has: {…}}".to_owned(),
                |near| format!("did you mean {near}?"),
            );
            return Err(error(
                &at,
                format!("the matcher {key} is not known"),
                Some(hint),
            ));
        }
        lint_key(key, argument, &at)?;
    }
    Ok(())
}

fn lint_key(key: &str, argument: &Value, at: &str) -> Result<(), ArgumentError> {
    if has_template(argument) {
        return Ok(());
    }
    let wrong = |message: &str, hint: Option<String>| Err(error(at, message.to_owned(), hint));
    match (key, argument) {
        ("one_of" | "set", argument) if !argument.is_array() => wrong("it is not a list", None),
        ("absent" | "present", argument) if !argument.is_boolean() => {
            wrong("it is neither true nor false", None)
        }
        ("at_least" | "at_most", argument) if !argument.is_number() => {
            wrong("it is no number", None)
        }
        ("type", Value::String(name)) if TYPES.contains(&name.as_str()) => Ok(()),
        ("type", other) => wrong(
            &format!("{} is no type", brief(other)),
            Some(format!(
                "one of {}; to compare with an object, write {{has: {{…}}}}",
                TYPES.join(", ")
            )),
        ),
        ("matches", Value::String(pattern)) => match Regex::new(pattern) {
            Ok(_) => Ok(()),
            Err(error) => wrong(
                "it is no regular expression",
                Some(clip(&error.to_string())),
            ),
        },
        ("matches", _) => wrong("it is no text", None),
        ("after" | "before", argument) => match argument.as_str().and_then(instant) {
            Some(_) => Ok(()),
            None => wrong("it is no dateTime", None),
        },
        ("not" | "count", argument) => lint(argument, at),
        ("one_of", argument) => list(argument)
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| lint(item, &format!("{at}/{index}"))),
        _ => Ok(()),
    }
}

/// Whether a string still holds a template.
pub(super) fn has_template(argument: &Value) -> bool {
    argument.as_str().is_some_and(|text| text.contains("{{"))
}

/// The matcher key that a wrong one resembles closely.
fn misspelled(key: &str) -> Option<&'static str> {
    KEYS.into_iter()
        .find(|known| strsim::damerau_levenshtein(key, known) == 1 && known.len() > 3)
}

fn error(at: &str, message: String, hint: Option<String>) -> ArgumentError {
    ArgumentError {
        at: at.to_owned(),
        message,
        hint,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(matcher: &Value, found: Option<&Value>, expected: bool) {
        let judged = fits(matcher, found);
        assert_eq!(
            judged.is_ok(),
            expected,
            "{matcher} against {found:?}: {judged:?}"
        );
        if let Err(mismatch) = judged {
            assert!(!mismatch.expected.is_empty() && !mismatch.actual.is_empty());
        }
    }

    #[test]
    fn every_matcher_accepts_and_refuses() {
        let emails = json!([{"value": "a@x", "type": "work"}, {"value": "b@x"}]);
        let time = json!("2026-01-02T00:00:00Z");
        for (matcher, good, bad) in [
            (json!("x"), json!("x"), json!("y")),
            (
                json!({"is": {"type": "a"}}),
                json!({"type": "a"}),
                json!({"type": "b"}),
            ),
            (json!({"not": "x"}), json!("y"), json!("x")),
            (json!({"not": {"one_of": [1]}}), json!(2), json!(1)),
            (json!({"one_of": ["a", "b"]}), json!("b"), json!("c")),
            (
                json!({"one_of": [null, {"type": "string"}]}),
                json!("b"),
                json!(1),
            ),
            (json!({"type": "string"}), json!("b"), json!(1)),
            (json!({"type": "boolean"}), json!(true), json!("true")),
            (json!({"type": "integer"}), json!(1), json!(1.5)),
            (json!({"type": "number"}), json!(1.5), json!("1.5")),
            (json!({"type": "object"}), json!({}), json!([])),
            (json!({"type": "array"}), json!([]), json!({})),
            (
                json!({"type": "dateTime"}),
                time.clone(),
                json!("2026-01-02"),
            ),
            (json!({"type": "uri"}), json!("https://x/a"), json!("a b")),
            (json!({"type": "binary"}), json!("YWI="), json!("a b!")),
            (json!({"matches": "^a+$"}), json!("aa"), json!("ab")),
            (json!({"contains": "ell"}), json!("hello"), json!("world")),
            (json!({"contains": 2}), json!([1, 2]), json!([1])),
            (json!({"has": {"type": "work"}}), emails.clone(), json!([])),
            (
                json!({"has": {"a": 1}}),
                json!({"a": 1, "b": 2}),
                json!({"a": 2}),
            ),
            (
                json!({"set": [{"value": "b@x"}, {"type": "work"}]}),
                emails.clone(),
                json!([{"value": "b@x"}]),
            ),
            (json!({"count": 2}), emails.clone(), json!([1])),
            (json!({"count": {"at_least": 2}}), emails, json!([1])),
            (json!({"at_least": 2}), json!(2), json!(1)),
            (json!({"at_most": 2}), json!(2), json!(3)),
            (json!({"present": true}), json!(false), json!([])),
            (json!("present"), json!(""), json!(null)),
            (json!({"absent": true}), json!([]), json!(0)),
            (json!("absent"), json!(null), json!("x")),
            (
                json!({"after": "2026-01-01T00:00:00Z"}),
                time.clone(),
                json!("2025-01-01T00:00:00Z"),
            ),
            (
                json!({"before": "2026-01-03T00:00:00Z"}),
                time,
                json!("2026-02-01T00:00:00Z"),
            ),
            (json!({"same_as": [1, 2]}), json!([1, 2]), json!([2, 1])),
            (
                json!({"type": "string", "matches": "a"}),
                json!("a"),
                json!("b"),
            ),
            (json!(null), json!([]), json!("x")),
        ] {
            check(&matcher, Some(&good), true);
            check(&matcher, Some(&bad), false);
            assert_eq!(lint(&matcher, ""), Ok(()), "{matcher}");
        }
        check(&json!("absent"), None, true);
        check(&json!("present"), None, false);
        check(&json!({"not": "x"}), None, true);
        check(&json!({"type": "string"}), None, false);
    }

    #[test]
    fn a_wrong_matcher_is_refused_with_its_place_and_a_hint() {
        for (matcher, at, hint) in [
            (json!({"type": "work"}), "/type", "has"),
            (json!({"type": "string", "value": 1}), "/value", "{is:"),
            (json!({"matche": "a"}), "", "matches"),
            (json!({"matches": "("}), "/matches", ""),
            (json!({"one_of": "a"}), "/one_of", ""),
            (
                json!({"one_of": ["a", {"type": "x"}]}),
                "/one_of/1/type",
                "string",
            ),
            (json!({"absent": "yes"}), "/absent", ""),
            (json!({"after": "yesterday"}), "/after", ""),
            (json!({"not": {"type": "x"}}), "/not/type", "string"),
        ] {
            let error = lint(&matcher, "").unwrap_err();
            assert_eq!(error.at, at, "{matcher}");
            assert!(error.hint.unwrap_or_default().contains(hint), "{matcher}");
        }
        assert_eq!(lint(&json!({"after": "{{u1.created}}"}), ""), Ok(()));
        assert_eq!(lint(&json!({"value": 1}), ""), Ok(()), "a literal object");
    }

    fn json() -> impl proptest::strategy::Strategy<Value = Value> {
        use proptest::prelude::*;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-zA-Z{}/~é ]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z]{1,6}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest::proptest! {
        #[test]
        fn equality_is_reflexive_and_symmetric(value in json(), other in json()) {
            let is = json!({"is": value});
            let is_not = json!({"not": is});
            proptest::prop_assert!(fits(&is, Some(&value)).is_ok());
            proptest::prop_assert!(fits(&is_not, Some(&value)).is_err());
            let forth = fits(&json!({"is": value}), Some(&other)).is_ok();
            let back = fits(&json!({"is": other}), Some(&value)).is_ok();
            proptest::prop_assert_eq!(forth, back);
        }
    }
}
