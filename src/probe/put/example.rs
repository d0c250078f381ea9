//! A user and what it is replaced with, made simpler one part at a time.

use serde_json::{Map, Value, json};

use crate::probe::patch::poorer;
use crate::probe::property::Shrink;

/// How the names of an attribute and its parts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As the schema has them.
    Plain,
    /// In capitals.
    Upper,
    /// In small letters.
    Lower,
}

/// An attribute of a replacement.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Given {
    /// URN of the extension that has it; empty for the core schema.
    pub(super) urn: String,
    /// Its name.
    pub(super) name: String,
    /// How the name is written.
    pub(super) spelling: Spelling,
    /// Its value.
    pub(super) value: Value,
}

/// An example of the law.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Example {
    /// What the user has beside its name.
    pub(super) user: Map<String, Value>,
    /// What the replacement has beside the name.
    pub(super) body: Vec<Given>,
}

impl Spelling {
    fn write(self, name: &str) -> String {
        match self {
            Self::Plain => name.to_owned(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Lower => name.to_ascii_lowercase(),
        }
    }

    fn write_within(self, value: &Value) -> Value {
        match value {
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (self.write(name), self.write_within(value)))
                .collect(),
            Value::Array(items) => items.iter().map(|item| self.write_within(item)).collect(),
            plain => plain.clone(),
        }
    }
}

impl Example {
    /// The members of the replacement.
    pub(super) fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        for given in &self.body {
            let name = given.spelling.write(&given.name);
            let value = given.spelling.write_within(&given.value);
            if given.urn.is_empty() {
                members.insert(name, value);
                continue;
            }
            let container = members.entry(given.urn.clone()).or_insert(json!({}));
            if let Some(container) = container.as_object_mut() {
                container.insert(name, value);
            }
        }
        members
    }

    /// Whether it asks for what a target may understand in its own way: to unassign, or odd spellings.
    pub(super) fn is_plain(&self) -> bool {
        self.body.iter().all(|given| {
            given.spelling == Spelling::Plain && !given.value.is_null() && given.value != json!([])
        })
    }
}

impl Shrink for Example {
    /// A shorter replacement, then a poorer user, then plainer names, then smaller values.
    fn smaller(&self) -> Vec<Self> {
        let with = |body| Self {
            user: self.user.clone(),
            body,
        };
        let mut all = Vec::new();
        for at in 0..self.body.len() {
            let mut fewer = self.body.clone();
            let gone = fewer.remove(at);
            // A value that stays as it was goes on both sides.
            let mut user = self.user.clone();
            user.shift_remove(&gone.name);
            if user != self.user {
                let body = fewer.clone();
                all.push(Self { user, body });
            }
            all.push(with(fewer));
        }
        all.extend(poorer(&self.user).into_iter().map(|user| Self {
            user,
            body: self.body.clone(),
        }));
        for (at, given) in self.body.iter().enumerate() {
            let mut changes = Vec::new();
            if given.spelling != Spelling::Plain {
                changes.push(Given {
                    spelling: Spelling::Plain,
                    ..given.clone()
                });
            }
            let holder = Map::from_iter([(given.name.clone(), given.value.clone())]);
            for simpler in poorer(&holder) {
                changes.extend(simpler.get(&given.name).map(|value| Given {
                    value: value.clone(),
                    ..given.clone()
                }));
            }
            for change in changes {
                let mut body = self.body.clone();
                body.splice(at..=at, [change]);
                all.push(with(body));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, spelling: Spelling, value: Value) -> Given {
        Given {
            urn: String::new(),
            name: name.to_owned(),
            spelling,
            value,
        }
    }

    #[test]
    fn shrinking_ends_with_nothing() {
        let mut example = Example {
            user: Map::from_iter([("title".to_owned(), json!("a"))]),
            body: vec![
                given("title", Spelling::Plain, json!("a")),
                given(
                    "emails",
                    Spelling::Upper,
                    json!([{"value": "a", "type": "b"}]),
                ),
            ],
        };
        let mut steps = 0;
        while let Some(next) = example.smaller().into_iter().next_back() {
            example = next;
            steps += 1;
            assert!(steps < 50);
        }
        assert!(example.user.is_empty() && example.body.is_empty());
    }

    #[test]
    fn names_are_written_as_they_were_drawn() {
        let example = Example {
            user: Map::new(),
            body: vec![given("name", Spelling::Upper, json!({"givenName": "a"}))],
        };
        let wanted = json!({"NAME": {"GIVENNAME": "a"}});
        assert_eq!(Value::Object(example.members()), wanted);
        assert!(!example.is_plain());
    }
}
