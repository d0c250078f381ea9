//! Equality of SCIM values: absent, null and empty are one; names compare without case; lists have
//! no order; numbers compare by value, times by instant, strings as their schema says.

use std::fmt::{self, Display, Formatter};

use serde_json::{Map, Value};

use super::canonical::Rules;
use super::{escape, is_assigned, key, without_twins};
use crate::scim::datetime;
use crate::scim::schema::{Attribute, DataType, SchemaSet};

/// Where two values differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// JSON Pointer into the actual value; empty for the value itself.
    pub pointer: String,
    /// What was expected there; absent for nothing.
    pub expected: Option<Value>,
    /// What stands there; absent for nothing.
    pub actual: Option<Value>,
}

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let show =
            |value: &Option<Value>| value.as_ref().map_or("nothing".into(), Value::to_string);
        let (expected, actual) = (show(&self.expected), show(&self.actual));
        write!(f, "{}: expected {expected}, found {actual}", self.pointer)
    }
}

/// Compares two values of an attribute. Without its definition strings compare exactly, unless both are times.
///
/// # Errors
/// The first place where they differ.
pub fn equal(
    expected: &Value,
    actual: &Value,
    attribute: Option<&Attribute>,
) -> Result<(), Box<Difference>> {
    let rules = attribute.map_or(Rules::Unknown, Rules::Attribute);
    compare(expected, actual, rules, "")
}

/// Compares two resources whole.
///
/// # Errors
/// The first place where they differ.
pub fn equal_resource(
    expected: &Value,
    actual: &Value,
    schemas: &SchemaSet,
) -> Result<(), Box<Difference>> {
    compare(expected, actual, Rules::Resource(schemas), "")
}

fn compare(
    expected: &Value,
    actual: &Value,
    rules: Rules<'_>,
    at: &str,
) -> Result<(), Box<Difference>> {
    if let (Value::Object(a), Value::Object(b)) = (expected, actual) {
        return objects(a, b, rules, at);
    }
    let same = match (is_assigned(expected), is_assigned(actual)) {
        (false, false) => true,
        (true, true) => match (expected, actual) {
            (Value::Array(a), Value::Array(b)) => return lists(a, b, rules, at),
            _ => simple(expected, actual, rules.definition()),
        },
        _ => false,
    };
    if same {
        return Ok(());
    }
    Err(Box::new(Difference {
        pointer: String::from(at),
        expected: is_assigned(expected).then(|| expected.clone()),
        actual: is_assigned(actual).then(|| actual.clone()),
    }))
}

fn objects(
    expected: &Map<String, Value>,
    actual: &Map<String, Value>,
    rules: Rules<'_>,
    at: &str,
) -> Result<(), Box<Difference>> {
    for (name, wanted) in expected {
        let found = actual.get(name).map(|it| (name, it)).or_else(|| {
            let alike = |(key, _): &(&String, _)| key.eq_ignore_ascii_case(name);
            actual.iter().find(alike)
        });
        let (key, found) = found.unwrap_or((name, &Value::Null));
        compare(
            wanted,
            found,
            rules.child(name),
            &format!("{at}/{}", escape(key)),
        )?;
    }
    for (key, found) in actual {
        let known = expected.keys().any(|name| name.eq_ignore_ascii_case(key));
        if !known {
            let place = format!("{at}/{}", escape(key));
            compare(&Value::Null, found, rules.child(key), &place)?;
        }
    }
    Ok(())
}

/// Equality is an equivalence, so taking the first equal partner for each is as good as any; values
/// that are plainly the same pair off first, so that long lists are not compared each with each.
fn lists(
    expected: &[Value],
    actual: &[Value],
    rules: Rules<'_>,
    at: &str,
) -> Result<(), Box<Difference>> {
    let twin = |(_, value): &(usize, &Value)| key(value);
    let (left, mut open) = without_twins(assigned(expected), assigned(actual), twin, twin);
    let mut missing = Vec::new();
    for (_, wanted) in left {
        let partner = open
            .iter()
            .position(|(_, found)| compare(wanted, found, rules, "").is_ok());
        match partner {
            Some(i) => drop(open.remove(i)),
            None => missing.push(wanted),
        }
    }
    match (missing.as_slice(), open.as_slice()) {
        ([], []) => Ok(()),
        ([wanted], [(i, found)]) => compare(wanted, found, rules, &format!("{at}/{i}")),
        (missing, open) => Err(Box::new(Difference {
            pointer: String::from(at),
            expected: missing.first().map(|value| (*value).clone()),
            actual: open.first().map(|(_, value)| (*value).clone()),
        })),
    }
}

fn assigned(values: &[Value]) -> Vec<(usize, &Value)> {
    let numbered = values.iter().enumerate();
    numbered.filter(|(_, value)| is_assigned(value)).collect()
}

fn simple(expected: &Value, actual: &Value, definition: Option<&Attribute>) -> bool {
    match (expected, actual) {
        (Value::String(a), Value::String(b)) => texts(a, b, definition),
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => expected == actual,
    }
}

fn texts(a: &str, b: &str, definition: Option<&Attribute>) -> bool {
    let may_be_time = definition.is_none_or(|it| it.data_type == DataType::DateTime);
    if a == b {
        return true;
    }
    if may_be_time && let (Some(a), Some(b)) = (datetime::parse(a), datetime::parse(b)) {
        return a == b;
    }
    let fold = definition.is_some_and(|it| it.data_type == DataType::String && !it.case_exact);
    fold && lower(a).eq(lower(b))
}

fn lower(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

impl Difference {
    /// Whether something is there that was not expected.
    pub fn is_surplus(&self) -> bool {
        self.expected.is_none()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::scim::urn;

    #[test]
    fn compares_as_scim_does() {
        let users = SchemaSet::rfc_user();
        let check = |expected: Value, actual: Value, differs: Option<&str>| {
            let result = equal_resource(&expected, &actual, &users);
            let pointer = result.as_ref().err().map(|it| it.pointer.as_str());
            assert_eq!(pointer, differs, "{expected} {actual}");
        };
        check(
            json!({}),
            json!({"title": null, "emails": [], "name": {"formatted": null}}),
            None,
        );
        check(json!({"userName": "Bj"}), json!({"USERNAME": "bJ"}), None);
        check(
            json!({"externalId": "A"}),
            json!({"externalId": "a"}),
            Some("/externalId"),
        );
        check(
            json!({"meta": {"created": "2020-01-01T00:00:00Z"}}),
            json!({"meta": {"created": "2020-01-01T01:00:00.000+01:00"}}),
            None,
        );
        check(json!({"title": "a"}), json!({}), Some("/title"));
        check(json!({}), json!({"title": "a"}), Some("/title"));
        check(
            json!({"emails": [{"value": "a"}, {"value": "b", "type": "x"}]}),
            json!({"emails": [{"type": "X", "value": "b"}, {"value": "A", "display": null}]}),
            None,
        );
        check(
            json!({"emails": [{"value": "a"}, {"value": "b", "type": "x"}]}),
            json!({"emails": [{"value": "a"}, {"value": "b", "type": "y"}]}),
            Some("/emails/1/type"),
        );
        check(
            json!({"emails": [{"value": "a"}]}),
            json!({"emails": [{"value": "a"}, {"value": "a"}]}),
            Some("/emails"),
        );
        let acme = |department: &str| json!({urn::ENTERPRISE_USER: {"department": department}});
        check(acme("Sales"), acme("SALES"), None);
        check(
            acme("Sales"),
            acme("X"),
            Some(&format!("/{}/department", urn::ENTERPRISE_USER)),
        );
        check(
            json!({"active": true}),
            json!({"active": "true"}),
            Some("/active"),
        );
    }

    #[test]
    fn compares_without_a_definition() {
        let check = |expected: Value, actual: Value, same: bool| {
            assert_eq!(
                equal(&expected, &actual, None).is_ok(),
                same,
                "{expected} {actual}"
            );
        };
        check(json!(1), json!(1.0), true);
        check(json!("a"), json!("A"), false);
        check(
            json!("2020-01-01T00:00:00Z"),
            json!("2020-01-01T00:00:00.0Z"),
            true,
        );
        check(json!([1, 2, 2]), json!([2, 1, 2]), true);
        check(json!([1, 2, 2]), json!([2, 1, 1]), false);
        check(json!(null), json!([]), true);
        check(json!([null]), json!([]), true);
        check(json!(false), json!(null), false);
        check(json!(""), json!(null), false);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-cA-C]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-d]", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn reversed(value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().rev().map(reversed).collect(),
            Value::Object(members) => {
                let flip = |(name, value): (&String, _)| (name.to_uppercase(), reversed(value));
                Value::Object(members.iter().rev().map(flip).collect())
            }
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn order_and_case_of_names_change_nothing(value in any_json()) {
            prop_assert_eq!(equal(&value, &reversed(&value), None), Ok(()));
        }

        #[test]
        fn equality_is_symmetric(a in any_json(), b in any_json()) {
            prop_assert_eq!(equal(&a, &b, None).is_ok(), equal(&b, &a, None).is_ok());
        }
    }
}
