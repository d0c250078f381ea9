//! What an operation does to one attribute, as a whole or to a sub-attribute.

use serde_json::{Map, Value};

use super::message::Kind;
use crate::oracle::choice::{Answers, Choice};
use crate::oracle::outcome::Refused;
use crate::oracle::value::{append, fit, fit_list, merge, same};
use crate::oracle::{World, primary};
use crate::scim::error::ScimType;
use crate::scim::resource::{equal, is_assigned};
use crate::scim::schema::{Attribute, DataType, Mutability};

/// One change to one attribute.
pub(super) struct Change<'s, 'a> {
    /// The resource, or the container of an extension.
    pub(super) holder: &'s mut Map<String, Value>,
    pub(super) attribute: &'a Attribute,
    pub(super) kind: Kind,
    pub(super) value: Option<&'s Value>,
    /// The attribute stood as a member of a value without path.
    pub(super) pathless: bool,
    pub(super) world: World<'a>,
    pub(super) answers: &'s mut Answers,
    /// Index of the operation.
    pub(super) index: usize,
}

type Outcome = Result<(), Refused>;

impl<'s> Change<'s, '_> {
    pub(super) fn current(&self) -> &Value {
        self.holder
            .get(&self.attribute.name)
            .unwrap_or(&Value::Null)
    }

    pub(super) fn list(&self) -> Vec<Value> {
        match self.current() {
            Value::Array(items) => items.clone(),
            Value::Null => Vec::new(),
            single => vec![single.clone()],
        }
    }

    pub(super) fn value(&self) -> &'s Value {
        self.value.unwrap_or(&Value::Null)
    }

    /// Stores a value; an unassigned one is not kept.
    pub(super) fn store(&mut self, value: Value) {
        if is_assigned(&value) {
            self.holder.insert(self.attribute.name.clone(), value);
        } else {
            self.holder.shift_remove(&self.attribute.name);
        }
    }

    /// Stores the values of a multi-valued attribute, those in `fresh` having been set primary.
    pub(super) fn store_list(&mut self, mut values: Vec<Value>, fresh: &[usize]) -> Outcome {
        primary::settle(&mut values, fresh, self.answers)?;
        values.retain(is_assigned);
        if values.is_empty() && self.attribute.required {
            return Err(required());
        }
        self.store(Value::Array(values));
        Ok(())
    }

    /// The operation on the attribute as a whole.
    pub(super) fn attribute(&mut self) -> Outcome {
        if self.refused_or_ignored(self.attribute)? {
            return Ok(());
        }
        if self.kind == Kind::Remove {
            return self.remove();
        }
        if self.value().is_null() {
            return self.unassign_by_null();
        }
        if self.attribute.multi_valued {
            return self.write_list();
        }
        let value = fit(self.value(), self.attribute, self.world, self.answers)?;
        let value = if self.attribute.data_type == DataType::Complex {
            let nulls = value
                .as_object()
                .is_some_and(|it| it.values().any(Value::is_null));
            if nulls && !self.answers.first(Choice::Null) {
                return Err(Refused::with(&[
                    ScimType::InvalidValue,
                    ScimType::InvalidSyntax,
                ]));
            }
            self.written_complex(value)
        } else {
            value
        };
        if self.attribute.required
            && value.as_str() == Some("")
            && self.answers.first(Choice::EmptyRequired)
        {
            return Err(required());
        }
        self.store(value);
        Ok(())
    }

    /// Whether a readOnly or immutable attribute makes the operation do nothing.
    ///
    /// # Errors
    /// A refusal with `mutability`.
    pub(super) fn refused_or_ignored(&mut self, definition: &Attribute) -> Result<bool, Refused> {
        let mutability = Err(Refused::with(&[ScimType::Mutability]));
        let read_only = self.attribute.mutability == Mutability::ReadOnly
            || definition.mutability == Mutability::ReadOnly;
        let whole = std::ptr::eq(definition, self.attribute);
        let now = if whole {
            self.current()
        } else {
            self.current().get(&definition.name).unwrap_or(&Value::Null)
        };
        let repeats = self.kind != Kind::Remove
            && is_assigned(now)
            && equal(now, self.value(), Some(definition)).is_ok();
        if read_only {
            let ask = if self.attribute.is_named("meta") {
                Some((Choice::MetaPath, 1))
            } else if repeats {
                Some((Choice::ReadOnlySame, 0))
            } else if self.pathless {
                Some((Choice::ReadOnlyPathless, 1))
            } else {
                None
            };
            return match ask {
                Some((choice, ignores)) if self.answers.ask(choice) == ignores => Ok(true),
                _ => mutability,
            };
        }
        if definition.mutability == Mutability::Immutable && whole && is_assigned(now) {
            if repeats && self.answers.first(Choice::ImmutableSame) {
                return Ok(true);
            }
            return mutability;
        }
        Ok(false)
    }

    fn remove(&mut self) -> Outcome {
        if self.attribute.required {
            return Err(
                Refused::with(&[ScimType::Mutability]).tolerating(&[ScimType::InvalidValue])
            );
        }
        if !is_assigned(self.current()) {
            return self.nothing_to_remove();
        }
        if self.attribute.multi_valued && is_assigned(self.value()) {
            match self.answers.ask(Choice::RemoveWithValue) {
                0 => return self.remove_listed(),
                1 => return Err(Refused::with(&KEYWORDS_OF_REMOVE)),
                _ => {}
            }
        }
        self.store(Value::Null);
        Ok(())
    }

    fn remove_listed(&mut self) -> Outcome {
        let unwanted = fit_list(self.value(), self.attribute, self.world, self.answers)?;
        let mut values = self.list();
        let attribute = self.attribute;
        let whole = self.answers.first(Choice::RemoveAgreeing);
        let gone = |value: &Value| {
            let fits = |it: &Value| match (value, it) {
                (Value::Object(value), Value::Object(named)) if !whole => {
                    let mut part = value.clone();
                    part.retain(|name, _| named.contains_key(name));
                    same(&Value::Object(part), it, attribute)
                }
                _ => same(value, it, attribute),
            };
            unwanted.iter().any(fits)
        };
        values.retain(|value| !gone(value));
        self.store_list(values, &[])
    }

    pub(super) fn nothing_to_remove(&mut self) -> Outcome {
        if self.answers.first(Choice::RemoveNothing) {
            return Ok(());
        }
        Err(Refused::with(&[ScimType::NoTarget]))
    }

    fn unassign_by_null(&mut self) -> Outcome {
        if self.attribute.required {
            return Err(required());
        }
        if !self.answers.first(Choice::Null) {
            return Err(Refused::with(&[
                ScimType::InvalidValue,
                ScimType::InvalidSyntax,
            ]));
        }
        if self.kind == Kind::Replace || !self.answers.first(Choice::AddNothing) {
            self.store(Value::Null);
        }
        Ok(())
    }

    /// Adds to the values, or puts others in their place.
    fn write_list(&mut self) -> Outcome {
        let new = fit_list(self.value(), self.attribute, self.world, self.answers)?;
        let mut values = match self.kind {
            Kind::Replace => Vec::new(),
            _ => self.list(),
        };
        if self.kind == Kind::Add && new.is_empty() {
            if self.answers.first(Choice::AddNothing) || self.attribute.required {
                return Ok(());
            }
            values.clear();
        }
        let mut fresh = Vec::new();
        for value in new {
            let is_primary = primary::is_primary(&value);
            let at = append(&mut values, value, self.attribute, self.answers)?;
            if is_primary && !fresh.contains(&at) {
                fresh.push(at);
            }
        }
        self.store_list(values, &fresh)
    }

    fn written_complex(&mut self, value: Value) -> Value {
        let mut result = self.current().clone();
        if !is_assigned(&result) {
            result = Value::Object(Map::new());
        }
        let whole = match self.kind {
            Kind::Add => Some(Choice::AddComplex),
            _ if self.pathless => Some(Choice::PathlessComplex),
            _ => None,
        };
        let drops = is_assigned(&result) && whole.is_some_and(|it| !self.answers.first(it));
        if drops {
            result = Value::Object(Map::new());
        }
        merge(&mut result, value);
        result
    }
}

/// Keywords for a remove that carries what it should not.
const KEYWORDS_OF_REMOVE: [ScimType; 4] = [
    ScimType::InvalidValue,
    ScimType::InvalidSyntax,
    ScimType::InvalidPath,
    ScimType::NoTarget,
];

/// A required attribute would have no value.
pub(super) fn required() -> Refused {
    let keywords = [
        ScimType::Mutability,
        ScimType::InvalidValue,
        ScimType::InvalidSyntax,
    ];
    Refused::with(&keywords)
}
