//! The values in a request body, each with the attribute that it belongs to: in resources, PATCH
//! operations, bulk operations and messages alike.

use serde_json::{Map, Value};

/// Where a value stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct At {
    /// JSON Pointer.
    pub(super) pointer: String,
    /// The attribute around it, lower case; empty at the top.
    pub(super) outer: String,
    /// Its attribute, lower case; empty for the whole.
    pub(super) name: String,
}

impl At {
    /// The place that a PATCH path or a qualified name leads to.
    pub(super) fn named(path: &str) -> Self {
        let mut bare = String::new();
        let mut depth = 0_u32;
        for c in path.trim().chars() {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ if depth == 0 => bare.push(c.to_ascii_lowercase()),
                _ => {}
            }
        }
        let local = if bare.starts_with("urn:") {
            bare.rsplit(':').next().unwrap_or_default()
        } else {
            &bare
        };
        let (outer, name) = local.split_once('.').unwrap_or(("", local));
        Self {
            pointer: String::new(),
            outer: outer.to_owned(),
            name: name.to_owned(),
        }
    }

    fn below(&self, token: &str, place: Self) -> Self {
        let token = token.replace('~', "~0").replace('/', "~1");
        Self {
            pointer: format!("{}/{token}", self.pointer),
            ..place
        }
    }

    /// The place of a member.
    fn member(&self, key: &str) -> Self {
        let plain = !key.contains(['.', '[', ':']);
        let place = if plain && self.name.is_empty() {
            Self::named(key)
        } else if plain {
            Self {
                outer: self.name.clone(),
                name: key.to_ascii_lowercase(),
                ..Self::default()
            }
        } else {
            Self::named(key)
        };
        self.below(key, place)
    }

    /// The same place with nothing around: where a resource begins.
    fn root(&self, key: &str) -> Self {
        self.below(key, Self::default())
    }

    /// Whether it is this attribute of the resource itself.
    pub(super) fn is(&self, name: &str) -> bool {
        self.outer.is_empty() && self.name == name
    }
}

/// Visits every value that holds no others, and the names of all members.
pub(super) fn visit<'v>(value: &'v Value, f: &mut impl FnMut(&At, &'v Value)) {
    walk(&mut Reading(f), value, &At::default());
}

/// The same value with every leaf changed.
pub(super) fn map(value: &Value, f: &mut impl FnMut(&At, &Value) -> Value) -> Value {
    rebuild(value, &At::default(), f)
}

struct Reading<'f, F>(&'f mut F);

fn walk<'v, F: FnMut(&At, &'v Value)>(reading: &mut Reading<'_, F>, value: &'v Value, at: &At) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(reading, item, &at.below(&index.to_string(), bare(at)));
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                walk(reading, member, &place(members, at, key, member));
            }
        }
        leaf => (reading.0)(at, leaf),
    }
}

fn rebuild(value: &Value, at: &At, f: &mut impl FnMut(&At, &Value) -> Value) -> Value {
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| rebuild(item, &at.below(&index.to_string(), bare(at)), f))
            .collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, member)| {
                    let at = place(members, at, key, member);
                    (key.clone(), rebuild(member, &at, f))
                })
                .collect(),
        ),
        leaf => f(at, leaf),
    }
}

fn bare(at: &At) -> At {
    At {
        pointer: String::new(),
        ..at.clone()
    }
}

/// The place of a member, with regard to what the object around it is.
fn place(members: &Map<String, Value>, at: &At, key: &str, member: &Value) -> At {
    let lower = key.to_ascii_lowercase();
    let text = |wanted: &str| {
        members
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .and_then(|(_, value)| value.as_str())
    };
    if text("op").is_some() && lower == "value" {
        let Some(path) = text("path") else {
            return at.root(key);
        };
        let named = At::named(path);
        let whole = path.to_ascii_lowercase().starts_with("urn:")
            && member.is_object()
            && path
                .rsplit(':')
                .next()
                .is_some_and(|last| last.starts_with(char::is_uppercase));
        return if whole {
            at.root(key)
        } else {
            at.below(key, named)
        };
    }
    if text("method").is_some() && lower == "data" {
        return at.root(key);
    }
    if lower == "operations" || (lower.starts_with("urn:") && member.is_object()) {
        return at.root(key);
    }
    at.member(key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_knows_its_attribute_wherever_it_stands() {
        let body = json!({
            "name": { "familyName": "a" },
            "emails": [{ "value": "b" }],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "manager": { "value": "c" } },
            "name.givenName": "d",
            "Operations": [
                { "op": "Add", "path": "emails[type eq \"work\"].value", "value": "e" },
                { "op": "add", "path": "members", "value": [{ "value": "f" }] },
                { "op": "replace", "value": { "urn:ietf:params:scim:schemas:core:2.0:User:userName": "g" } },
                { "op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "value": { "department": "h" } },
                { "method": "POST", "path": "/Users", "data": { "nickName": "i" } },
            ],
        });
        let mut seen = Vec::new();
        visit(&body, &mut |at, value| {
            let text = value.as_str().unwrap();
            if text.len() == 1 {
                seen.push(format!("{text} {}.{}", at.outer, at.name));
            }
        });
        assert_eq!(
            seen,
            [
                "a name.familyname",
                "b emails.value",
                "c manager.value",
                "d name.givenname",
                "e emails.value",
                "f members.value",
                "g .username",
                "h .department",
                "i .nickname"
            ]
        );
    }
}
