//! SCIM equality: when two values say the same.
//!
//! Absent, null and `[]` are one state (RFC 7643 §2.5); names compare without case, values of a
//! multi-valued attribute have no order, times compare by instant, numbers by value.

use jiff::Timestamp;
use serde_json::Value;

use crate::scim::datetime;
use crate::scim::resource::{self, is_assigned, key, member, without_twins};

/// Whether a value is the state "unassigned".
pub fn unassigned(value: Option<&Value>) -> bool {
    value.is_none_or(|value| !is_assigned(value))
}

/// Whether two values, or their absence, say the same.
pub fn equal(a: Option<&Value>, b: Option<&Value>) -> bool {
    let null = &Value::Null;
    resource::equal(a.unwrap_or(null), b.unwrap_or(null), None).is_ok()
}

/// Whether a value holds at least what a part says: an object has those members, an array has
/// such elements, anything else is equal.
pub fn holds(whole: Option<&Value>, part: &Value) -> bool {
    match (whole, part) {
        (Some(Value::Object(_)), Value::Object(members)) => members
            .iter()
            .all(|(name, value)| holds(whole.and_then(|whole| member(whole, name)), value)),
        (Some(Value::Array(items)), Value::Array(parts)) => {
            pairs(parts, items, |part, item| holds(Some(item), part))
        }
        _ => equal(whole, Some(part)),
    }
}

/// Whether every element of `few` has a partner of its own in `many`. What fits has to be transitive, and
/// the same value to fit itself: so those that are plainly the same pair off first, and long lists are
/// not compared each with each.
pub fn pairs(few: &[Value], many: &[Value], fits: impl Fn(&Value, &Value) -> bool) -> bool {
    let same = |value: &&Value| key(value);
    let (few, many) = without_twins(few.iter().collect(), many.iter().collect(), same, same);
    let mut partner_of: Vec<Option<usize>> = vec![None; many.len()];
    (0..few.len()).all(|index| {
        let mut seen = vec![false; many.len()];
        augment(index, &few, &many, &fits, &mut partner_of, &mut seen)
    })
}

/// One step of bipartite matching: finds a partner for `few[index]`, moving others where needed.
fn augment(
    index: usize,
    few: &[&Value],
    many: &[&Value],
    fits: &impl Fn(&Value, &Value) -> bool,
    partner_of: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for (candidate, item) in many.iter().copied().enumerate() {
        if seen[candidate] || !fits(few[index], item) {
            continue;
        }
        seen[candidate] = true;
        let free = partner_of[candidate]
            .is_none_or(|rival| augment(rival, few, many, fits, partner_of, seen));
        if free {
            partner_of[candidate] = Some(index);
            return true;
        }
    }
    false
}

/// The instant that a dateTime names; one without a zone is read as UTC.
pub fn instant(text: &str) -> Option<Timestamp> {
    datetime::parse(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equality_is_that_of_the_rfc() {
        for (a, b, expected) in [
            (json!(null), json!([]), true),
            (json!(""), json!(null), false),
            (json!({"A": 1, "b": null}), json!({"a": 1}), true),
            (json!({"a": 1}), json!({"a": 1, "b": 2}), false),
            (json!([1, 2, 2]), json!([2, 1, 2]), true),
            (json!([1, 2, 2]), json!([2, 1, 1]), false),
            (json!([1, 2]), json!([1, 2, 2]), false),
            (
                json!("2011-05-13T04:42:34Z"),
                json!("2011-05-13T06:42:34.000+02:00"),
                true,
            ),
            (
                json!("2011-05-13T04:42:34"),
                json!("2011-05-13T04:42:34Z"),
                true,
            ),
            (json!("A"), json!("a"), false),
            (json!(1), json!(1.0), true),
            (json!(true), json!("true"), false),
        ] {
            assert_eq!(equal(Some(&a), Some(&b)), expected, "{a} and {b}");
            assert_eq!(equal(Some(&b), Some(&a)), expected, "{b} and {a}");
        }
        assert!(equal(None, Some(&json!([]))));
        assert!(!equal(None, Some(&json!(false))));
    }

    #[test]
    fn a_whole_holds_its_parts() {
        let whole = json!({"emails": [{"value": "a", "type": "work"}, {"value": "a", "type": "home"}], "x": 1});
        for (part, expected) in [
            (json!({"emails": [{"value": "a"}, {"type": "work"}]}), true),
            (
                json!({"emails": [{"type": "work"}, {"type": "work"}]}),
                false,
            ),
            (json!({"y": null}), true),
            (json!({"y": 1}), false),
        ] {
            assert_eq!(holds(Some(&whole), &part), expected, "{part}");
        }
    }
}
