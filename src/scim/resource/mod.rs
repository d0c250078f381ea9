//! A view over resources as JSON: attribute names compare without case, null and empty are absent.

mod canonical;
mod equal;
mod twin;

pub use canonical::canonicalise;
pub use equal::{Difference, equal, equal_resource};
pub use twin::{key, without_twins};

use serde_json::Value;

use super::filter::AttributePath;
use super::urn;

/// The member of an object by its name, compared without case; an exact spelling wins.
pub fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.as_object()?.get(&spelling(object, name)?)
}

/// The same for changing.
pub fn member_mut<'a>(object: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let key = spelling(object, name)?;
    object.as_object_mut()?.get_mut(&key)
}

/// How an object spells the name of a member that it has.
pub fn spelling(object: &Value, name: &str) -> Option<String> {
    let object = object.as_object()?;
    if object.contains_key(name) {
        return Some(String::from(name));
    }
    object
        .keys()
        .find(|key| key.eq_ignore_ascii_case(name))
        .cloned()
}

/// The value at a JSON Pointer (RFC 6901), names of members compared without case.
pub fn pointed<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .try_fold(value, |value, token| match value {
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            other => member(other, &token),
        })
}

/// Whether a value says something: `null`, `[]` and objects without assigned members do not (RFC 7643 §2.5).
pub fn is_assigned(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().any(is_assigned),
        Value::Object(members) => members.values().any(is_assigned),
        _ => true,
    }
}

/// The assigned values at a path, multi-valued attributes flattened.
///
/// A URN names the container of an extension, or, where the resource has none of that name and
/// lists the URN in `schemas`, the resource itself.
pub fn get<'a>(resource: &'a Value, path: &AttributePath) -> Vec<&'a Value> {
    let container = path.as_urn().and_then(|urn| member(resource, &urn));
    if let Some(container) = container {
        return flatten(container);
    }
    let holder = match &path.urn {
        None => Some(resource),
        Some(urn) => member(resource, urn).or_else(|| {
            let core = urn::listed(resource, urn) && !urn.contains(":extension:");
            core.then_some(resource)
        }),
    };
    let Some(value) = holder.and_then(|holder| member(holder, &path.name)) else {
        return Vec::new();
    };
    let values = flatten(value);
    match &path.sub {
        None => values,
        Some(sub) => values
            .into_iter()
            .filter_map(|value| member(value, sub))
            .flat_map(flatten)
            .collect(),
    }
}

fn flatten(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().filter(|item| is_assigned(item)).collect(),
        other if is_assigned(other) => vec![other],
        _ => Vec::new(),
    }
}

/// The values at a JSON Pointer, each with its place as the document spells it. Names compare
/// without case; `*` stands for every element of an array and every member of an object.
pub fn select<'a>(document: &'a Value, pointer: &str) -> Vec<(String, &'a Value)> {
    let mut found = vec![(String::new(), document)];
    let Some(tokens) = pointer.strip_prefix('/') else {
        return if pointer.is_empty() {
            found
        } else {
            Vec::new()
        };
    };
    for token in tokens.split('/') {
        let name = token.replace("~1", "/").replace("~0", "~");
        found = found
            .into_iter()
            .flat_map(|(at, value)| children(&at, value, token, &name))
            .collect();
    }
    found
}

fn children<'a>(at: &str, value: &'a Value, token: &str, name: &str) -> Vec<(String, &'a Value)> {
    match value {
        Value::Array(items) if token == "*" => {
            let place = |(i, item)| (format!("{at}/{i}"), item);
            items.iter().enumerate().map(place).collect()
        }
        Value::Array(items) => {
            let item = token.parse::<usize>().ok().and_then(|i| items.get(i));
            item.map(|item| (format!("{at}/{token}"), item))
                .into_iter()
                .collect()
        }
        Value::Object(members) if token == "*" => {
            let place = |(key, item): (&String, _)| (format!("{at}/{}", escape(key)), item);
            members.iter().map(place).collect()
        }
        Value::Object(_) => spelling(value, name)
            .and_then(|key| Some((format!("{at}/{}", escape(&key)), value.get(&key)?)))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// A member name as a token of a JSON Pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scim::filter::{Filter, parse};

    fn user() -> Value {
        json!({
            "schemas": [urn::USER, urn::ENTERPRISE_USER],
            "USERNAME": "bj",
            "emails": [{"value": "a", "Type": "work"}, {"value": "b"}, {}],
            "title": null,
            urn::ENTERPRISE_USER: {"department": "Sales"},
        })
    }

    #[test]
    fn gets_by_path() {
        let user = user();
        let check = |path: &str, expected: Value| {
            let Ok(Filter::Present(path)) = parse(&format!("{path} pr")) else {
                panic!("{path} is no path");
            };
            assert_eq!(json!(get(&user, &path)), expected, "{path}");
        };
        check("userName", json!(["bj"]));
        check(&format!("{}:username", urn::USER), json!(["bj"]));
        check("emails.value", json!(["a", "b"]));
        check("emails.TYPE", json!(["work"]));
        check("title", json!([]));
        check(
            &format!("{}:department", urn::ENTERPRISE_USER.to_uppercase()),
            json!(["Sales"]),
        );
        check(urn::ENTERPRISE_USER, json!([{"department": "Sales"}]));
        check(&format!("{}:userName", urn::ENTERPRISE_USER), json!([]));
        check("urn:x:y:userName", json!([]));
    }

    #[test]
    fn selects_by_pointer() {
        let user = user();
        let check = |pointer: &str, expected: &[(&str, Value)]| {
            let found: Vec<_> = select(&user, pointer)
                .into_iter()
                .map(|(at, value)| (at, value.clone()))
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(at, value)| (String::from(*at), value.clone()))
                .collect();
            assert_eq!(found, expected, "{pointer}");
        };
        check("/userName", &[("/USERNAME", json!("bj"))]);
        check(
            "/emails/*/value",
            &[
                ("/emails/0/value", json!("a")),
                ("/emails/1/value", json!("b")),
            ],
        );
        check("/emails/0/type", &[("/emails/0/Type", json!("work"))]);
        check("/emails/7", &[]);
        check("/nothing/*", &[]);
        check("userName", &[]);
    }
}
