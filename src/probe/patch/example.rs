//! A user and the operations that are applied to it, made simpler one part at a time.

use serde_json::{Map, Value};

use crate::probe::property::Shrink;

/// An example of the law.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Example {
    /// What the user has beside its name.
    pub(super) user: Map<String, Value>,
    /// The operations.
    pub(super) operations: Vec<Value>,
}

impl Shrink for Example {
    /// Fewer operations, then a poorer user, then smaller values of operations.
    fn smaller(&self) -> Vec<Self> {
        let operations = |operations| Self {
            user: self.user.clone(),
            operations,
        };
        let mut all: Vec<Self> = Vec::new();
        if self.operations.len() > 1 {
            all.extend(without_one(&self.operations).map(operations));
        }
        all.extend(poorer(&self.user).into_iter().map(|user| Self {
            user,
            operations: self.operations.clone(),
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
}

fn without_one<T: Clone>(items: &[T]) -> impl Iterator<Item = Vec<T>> + '_ {
    (0..items.len()).map(|out| {
        let kept = items.iter().enumerate().filter(|(at, _)| *at != out);
        kept.map(|(_, item)| item.clone()).collect()
    })
}

fn poorer(members: &Map<String, Value>) -> Vec<Map<String, Value>> {
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
    fn shrinking_ends_with_one_operation_on_a_bare_user() {
        let user =
            json!({"title": "a", "emails": [{"value": "a", "type": "work"}, {"value": "b"}]});
        let mut example = Example {
            user: user.as_object().cloned().unwrap(),
            operations: vec![
                json!({"op": "add", "path": "emails", "value": [{"value": "c", "type": "x"}, {"value": "d"}]}),
                json!({"op": "remove", "path": "title"}),
            ],
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
