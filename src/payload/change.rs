//! Changes to a payload: JSON Merge Patch (RFC 7396) and removal by JSON Pointer, both with
//! attribute names compared without case, as SCIM does.

use serde_json::{Map, Value};

/// Applies a merge patch. Where a name differs in case only, the spelling of the patch wins.
pub(crate) fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else {
        return;
    };
    for (name, change) in patch {
        let known = spelling(members, &name);
        if change.is_null() {
            if let Some(known) = known {
                members.shift_remove(&known);
            }
            continue;
        }
        match known {
            Some(known) if known == name => {}
            Some(known) => respell(members, &known, &name),
            None => {
                members.insert(name.clone(), Value::Null);
            }
        }
        if let Some(member) = members.get_mut(&name) {
            merge(member, change);
        }
    }
}

/// Removes what a JSON Pointer points at; does nothing where there is nothing.
pub(crate) fn remove(target: &mut Value, pointer: &str) {
    let mut tokens: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect();
    let Some(last) = tokens.pop() else {
        return;
    };
    let parent = tokens.iter().try_fold(target, |value, token| match value {
        Value::Array(items) => items.get_mut(token.parse::<usize>().ok()?),
        Value::Object(members) => {
            let known = spelling(members, token)?;
            members.get_mut(&known)
        }
        _ => None,
    });
    match parent {
        Some(Value::Object(members)) => {
            if let Some(known) = spelling(members, &last) {
                members.shift_remove(&known);
            }
        }
        Some(Value::Array(items)) => {
            if let Some(index) = last.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// The name as it stands in the object; the exact spelling before any other.
pub(crate) fn spelling(members: &Map<String, Value>, name: &str) -> Option<String> {
    if members.contains_key(name) {
        return Some(name.to_owned());
    }
    members
        .keys()
        .find(|key| key.eq_ignore_ascii_case(name))
        .cloned()
}

fn respell(members: &mut Map<String, Value>, known: &str, name: &str) {
    *members = std::mem::take(members)
        .into_iter()
        .map(|(key, value)| {
            let key = if key == known { name.to_owned() } else { key };
            (key, value)
        })
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn merge_follows_rfc_7396_with_names_without_case() {
        let check = |target: Value, patch: Value, expected: Value| {
            let mut merged = target;
            merge(&mut merged, patch);
            assert_eq!(merged, expected);
        };
        check(json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"}));
        check(
            json!({"a": "b"}),
            json!({"b": "c"}),
            json!({"a": "b", "b": "c"}),
        );
        check(json!({"a": "b"}), json!({"a": null}), json!({}));
        check(
            json!({"a": [{"b": 1}]}),
            json!({"a": [1]}),
            json!({"a": [1]}),
        );
        check(
            json!({"a": "c"}),
            json!({"a": {"b": "d", "x": null}}),
            json!({"a": {"b": "d"}}),
        );
        check(json!(["a"]), json!({"b": 1}), json!({"b": 1}));
        check(json!({"a": 1}), json!("x"), json!("x"));
        check(
            json!({}),
            json!({"a": {"b": {"c": null}}}),
            json!({"a": {"b": {}}}),
        );
        check(
            json!({"userName": 1, "x": 2}),
            json!({"USERNAME": 3}),
            json!({"USERNAME": 3, "x": 2}),
        );
        check(
            json!({"name": {"given": 1}}),
            json!({"Name": {"Given": null}}),
            json!({"Name": {}}),
        );
        check(json!({"userName": 1}), json!({"username": null}), json!({}));
    }

    #[test]
    fn removal_takes_what_is_there_and_nothing_else() {
        let check = |pointer: &str, expected: Value| {
            let mut target = json!({"a": {"b/c": 1}, "l": [1, {"t": 2}]});
            remove(&mut target, pointer);
            assert_eq!(target, expected, "{pointer}");
        };
        check("/a/b~1c", json!({"a": {}, "l": [1, {"t": 2}]}));
        check("/A", json!({"l": [1, {"t": 2}]}));
        check("/l/0", json!({"a": {"b/c": 1}, "l": [{"t": 2}]}));
        check("/l/1/T", json!({"a": {"b/c": 1}, "l": [1, {}]}));
        for absent in ["", "/x", "/l/9", "/l/x", "/a/b/c", "/l/0/t"] {
            check(absent, json!({"a": {"b/c": 1}, "l": [1, {"t": 2}]}));
        }
    }
}
