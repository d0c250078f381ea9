//! JSON Pointers that reach several places, for the edits of faults.
//!
//! A segment is a member's name, `*` (every element or member) or `[name=userName]` (the elements
//! whose member has this text). A pointer that begins with `@` is read from the document itself or,
//! where that is a list, from each of its resources. Changes nothing by itself.

use serde_json::Value;

/// Calls `change` with each parent that the pointer reaches and the last segment.
pub(in crate::provider::fault) fn at(
    value: &mut Value,
    pointer: &str,
    change: &mut dyn FnMut(&mut Value, &str),
) {
    if let Some(pointer) = pointer.strip_prefix('@') {
        if value.get("Resources").is_some() {
            walk(value, &format!("/Resources/*{pointer}"), change);
        } else {
            walk(value, pointer, change);
        }
    } else {
        walk(value, pointer, change);
    }
}

/// Calls `change` with each value that the pointer reaches.
pub(in crate::provider::fault) fn each(
    value: &mut Value,
    pointer: &str,
    change: &mut dyn FnMut(&mut Value),
) {
    at(value, pointer, &mut |parent, last| {
        for inner in chosen(parent, last) {
            change(inner);
        }
    });
}

/// Whether the pointer reaches a value that is not null.
pub(in crate::provider::fault) fn reaches(value: &Value, pointer: &str) -> bool {
    let mut found = false;
    each(&mut value.clone(), pointer, &mut |value| {
        found |= !value.is_null();
    });
    found
}

/// Takes away what the last segment names.
pub(in crate::provider::fault) fn remove(parent: &mut Value, last: &str) {
    match parent {
        Value::Object(members) => {
            members.shift_remove(last);
        }
        Value::Array(values) if last == "*" => values.clear(),
        Value::Array(values) => {
            if let Some(selector) = selector(last) {
                values.retain(|value| !selects(selector, value));
            }
        }
        _ => {}
    }
}

/// Puts a value where the last segment points; a name that no member has is added.
pub(in crate::provider::fault) fn put(parent: &mut Value, last: &str, new: &Value) {
    match parent {
        Value::Object(members) if last != "*" => {
            members.insert(last.to_owned(), new.clone());
        }
        _ => {
            for inner in chosen(parent, last) {
                *inner = new.clone();
            }
        }
    }
}

fn walk(value: &mut Value, pointer: &str, change: &mut dyn FnMut(&mut Value, &str)) {
    let Some(rest) = pointer.strip_prefix('/') else {
        return;
    };
    let Some((segment, below)) = rest.split_once('/') else {
        change(value, rest);
        return;
    };
    let below = format!("/{below}");
    for inner in chosen(value, segment) {
        walk(inner, &below, change);
    }
}

/// What a segment reaches inside a value.
fn chosen<'v>(value: &'v mut Value, segment: &str) -> Vec<&'v mut Value> {
    match (value, segment) {
        (Value::Array(values), "*") => values.iter_mut().collect(),
        (Value::Object(members), "*") => members.values_mut().collect(),
        (Value::Object(members), name) => members.get_mut(name).into_iter().collect(),
        (Value::Array(values), _) => match (selector(segment), segment.parse::<usize>()) {
            (Some(selector), _) => values
                .iter_mut()
                .filter(|value| selects(selector, value))
                .collect(),
            (None, Ok(position)) => values.get_mut(position).into_iter().collect(),
            (None, Err(_)) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn selector(segment: &str) -> Option<(&str, &str)> {
    segment
        .strip_prefix('[')?
        .strip_suffix(']')?
        .split_once('=')
}

fn selects((name, text): (&str, &str), value: &Value) -> bool {
    value.get(name).and_then(Value::as_str) == Some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(pointer: &str, before: &Value, expected: &[Value]) {
        let mut found = Vec::new();
        each(&mut before.clone(), pointer, &mut |value| {
            found.push(value.clone());
        });
        assert_eq!(found, expected, "{pointer}");
        assert_eq!(reaches(before, pointer), !expected.is_empty(), "{pointer}");
    }

    #[test]
    fn a_pointer_reaches_members_elements_and_selections() {
        let alone = json!({"id": "1", "emails": [{"type": "work", "value": "a"}, {"type": "home", "value": "b"}]});
        check("/id", &alone, &[json!("1")]);
        check("@/id", &alone, &[json!("1")]);
        check("/emails/*/value", &alone, &[json!("a"), json!("b")]);
        check("/emails/[type=home]/value", &alone, &[json!("b")]);
        check("/emails/1/value", &alone, &[json!("b")]);
        check("/emails/[type=other]", &alone, &[]);
        check("/nothing/at/all", &alone, &[]);
        let list = json!({"Resources": [alone, {"id": "2"}]});
        check("@/id", &list, &[json!("1"), json!("2")]);
        check("@/emails/[type=work]/type", &list, &[json!("work")]);
    }

    #[test]
    fn elements_are_taken_away_and_replaced() {
        let mut value = json!([{"name": "a"}, {"name": "b"}]);
        put(&mut value, "[name=a]", &json!({"name": "c"}));
        assert_eq!(value, json!([{"name": "c"}, {"name": "b"}]));
        remove(&mut value, "[name=b]");
        assert_eq!(value, json!([{"name": "c"}]));
        remove(&mut value, "*");
        assert_eq!(value, json!([]));
    }
}
