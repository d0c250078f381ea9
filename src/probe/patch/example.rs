//! A user and the operations that are applied to it, made simpler one part at a time.

use serde_json::{Map, Value};

use crate::probe::property::Shrink;
use crate::scim::resource::member;
use crate::scim::urn;

/// An example of the law.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::probe) struct Example {
    /// What the user has beside its name.
    pub(in crate::probe) user: Map<String, Value>,
    /// The operations.
    pub(in crate::probe) operations: Vec<Value>,
    /// Whether the names in their paths are sent in capital letters.
    pub(in crate::probe) loud: bool,
    /// Whether they are sent a second time.
    pub(in crate::probe) twice: bool,
}

/// Whether an operation is of this kind.
pub(super) fn is(operation: &Value, op: &str) -> bool {
    operation.get("op").and_then(Value::as_str) == Some(op)
}

impl Example {
    /// Whether one of the operations is of this kind.
    pub(super) fn has(&self, op: &str) -> bool {
        self.operations.iter().any(|it| is(it, op))
    }

    /// The operations as they are sent.
    pub(super) fn sent(&self) -> Vec<Value> {
        let mut operations = self.operations.clone();
        for operation in operations.iter_mut().filter(|_| self.loud) {
            if let Some(path) = operation.get("path").and_then(Value::as_str) {
                operation["path"] = Value::from(loud(path));
            }
        }
        operations
    }

    /// The same with the user as the target keeps it: a scenario that sets up what is not kept is not run.
    pub(super) fn as_kept(&self, shown: &Value) -> Self {
        let kept = self.user.keys().filter_map(|name| {
            let value = member(shown, name)?;
            Some((name.clone(), value.clone()))
        });
        Self {
            user: kept.collect(),
            operations: self.operations.clone(),
            ..*self
        }
    }
}

/// The path with its names in capital letters. URNs keep theirs: that of a schema is not everybody's to compare
/// without case; and so do values and the words of filters.
fn loud(path: &str) -> String {
    let urn = if urn::is_urn(path) {
        let end = path.find('[').unwrap_or(path.len());
        let before = path.get(..end).unwrap_or_default();
        before.rfind(':').map_or(0, |at| at + 1)
    } else {
        0
    };
    let (front, rest) = path.split_at(urn);
    let (name, rest) = rest.split_at(rest.find('[').unwrap_or(rest.len()));
    let (filter, sub) = rest.split_at(rest.rfind(']').unwrap_or(0));
    let (name, sub) = (name.to_ascii_uppercase(), sub.to_ascii_uppercase());
    format!("{front}{name}{filter}{sub}")
}

impl Shrink for Example {
    /// Once, then plain names, then fewer operations, then a poorer user, then smaller values of operations.
    fn smaller(&self) -> Vec<Self> {
        let operations = |operations| Self {
            user: self.user.clone(),
            operations,
            ..*self
        };
        let mut all: Vec<Self> = Vec::new();
        if self.twice {
            all.push(Self {
                twice: false,
                ..self.clone()
            });
        }
        if self.loud {
            all.push(Self {
                loud: false,
                ..self.clone()
            });
        }
        if self.operations.len() > 1 {
            all.extend(without_one(&self.operations).map(operations));
        }
        all.extend(poorer(&self.user).into_iter().map(|user| Self {
            user,
            operations: self.operations.clone(),
            ..*self
        }));
        for (at, operation) in self.operations.iter().enumerate() {
            let Some(value) = operation.get("value") else {
                continue;
            };
            for value in simpler(value) {
                let mut changed = self.operations.clone();
                if let Some(operation) = changed.get_mut(at) {
                    operation["value"] = value;
                    all.push(operations(changed));
                }
            }
        }
        all
    }

    fn like(&self, smallest: &Self) -> Option<Vec<Self>> {
        let [wanted] = smallest.operations.as_slice() else {
            return Some(Vec::new());
        };
        let alike = |one: &&Value| {
            ["op", "path"]
                .iter()
                .all(|key| one.get(key) == wanted.get(key))
        };
        let alone = |one: &Value| Self {
            user: self.user.clone(),
            operations: vec![one.clone()],
            loud: self.loud,
            twice: smallest.twice,
        };
        Some(self.operations.iter().filter(alike).map(alone).collect())
    }
}

/// The items without one of them, each in turn.
pub(in crate::probe) fn without_one<T: Clone>(items: &[T]) -> impl Iterator<Item = Vec<T>> + '_ {
    (0..items.len()).map(|out| {
        let kept = items.iter().enumerate().filter(|(at, _)| *at != out);
        kept.map(|(_, item)| item.clone()).collect()
    })
}

/// The members without one of them, or with a smaller value of one.
pub(in crate::probe) fn poorer(members: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let mut all = Vec::new();
    for name in members.keys() {
        let mut fewer = members.clone();
        fewer.shift_remove(name);
        all.push(fewer);
    }
    for (name, value) in members {
        for value in simpler(value) {
            let mut changed = members.clone();
            changed.insert(name.clone(), value);
            all.push(changed);
        }
    }
    all
}

/// The value with one element or member less; nothing is emptied.
fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => {
            let fewer = without_one(items).filter(|items| !items.is_empty());
            let mut all: Vec<Value> = fewer.map(Value::Array).collect();
            for (at, item) in items.iter().enumerate() {
                for simpler in simpler(item) {
                    let mut changed = items.clone();
                    if let Some(place) = changed.get_mut(at) {
                        *place = simpler;
                        all.push(Value::Array(changed));
                    }
                }
            }
            all
        }
        Value::Object(members) if members.len() > 1 => {
            poorer(members).into_iter().map(Value::Object).collect()
        }
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| {
                simpler(value).into_iter().map(|value| {
                    let mut changed = Map::new();
                    changed.insert(name.clone(), value);
                    Value::Object(changed)
                })
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_alone_are_sent_in_capitals() {
        for (path, sent) in [
            ("title", "TITLE"),
            ("name.givenName", "NAME.GIVENNAME"),
            (
                "emails[type eq \"work\"].value",
                "EMAILS[type eq \"work\"].VALUE",
            ),
            ("urn:a:2.0:User:manager.x", "urn:a:2.0:User:MANAGER.X"),
            (
                "urn:a:2.0:User:list[a eq \"b:c\"]",
                "urn:a:2.0:User:LIST[a eq \"b:c\"]",
            ),
        ] {
            assert_eq!(loud(path), sent);
        }
    }

    #[test]
    fn shrinking_ends_with_one_operation_on_a_bare_user() {
        let user =
            json!({"title": "a", "emails": [{"value": "a", "type": "work"}, {"value": "b"}]});
        let mut example = Example {
            user: user.as_object().cloned().unwrap(),
            operations: vec![
                json!({"op": "add", "path": "emails", "value": [{"value": "c", "type": "x"}, {"value": "d"}]}),
                json!({"op": "remove", "path": "title"}),
            ],
            loud: false,
            twice: true,
        };
        let mut steps = 0;
        while let Some(next) = example.smaller().into_iter().next_back() {
            example = next;
            steps += 1;
            assert!(steps < 50);
        }
        assert!(example.user.is_empty());
        assert_eq!(example.operations.len(), 1);
    }
}
