//! What an operation does to a sub-attribute, of all values or of chosen ones.

use serde_json::{Map, Value};

use super::change::{Change, required};
use super::message::Kind;
use crate::oracle::choice::Choice;
use crate::oracle::outcome::Refused;
use crate::oracle::primary;
use crate::oracle::value::{check_reference, fit, fit_list};
use crate::scim::error::ScimType;
use crate::scim::resource::{equal, is_assigned};
use crate::scim::schema::{Attribute, Mutability};

type Outcome = Result<(), Refused>;

impl Change<'_, '_> {
    /// The operation on a sub-attribute, without a filter.
    pub(super) fn sub_attribute(&mut self, sub: &Attribute) -> Outcome {
        if self.refused_or_ignored(sub)? {
            return Ok(());
        }
        let mut values = self.list();
        if !self.attribute.multi_valued {
            values.truncate(1);
            let mut value = values.pop().unwrap_or_else(|| Value::Object(Map::new()));
            self.write_sub(&mut value, sub)?;
            self.store(value);
            return Ok(());
        }
        let keywords = [ScimType::InvalidPath, ScimType::NoTarget];
        if values.is_empty() {
            if self.kind == Kind::Remove {
                return self.nothing_to_remove();
            }
            match self.answers.ask(Choice::SubOfNone) {
                0 => return Err(Refused::with(&keywords)),
                1 => values.push(Value::Object(Map::new())),
                _ => return Ok(()),
            }
        } else if !self.answers.first(Choice::SubOfAll) {
            return Err(Refused::with(&keywords));
        }
        let all: Vec<usize> = (0..values.len()).collect();
        self.write_subs(values, &all, sub)
    }

    /// The operation on a sub-attribute of some values.
    pub(super) fn write_subs(
        &mut self,
        mut values: Vec<Value>,
        chosen: &[usize],
        sub: &Attribute,
    ) -> Outcome {
        for at in chosen {
            if let Some(value) = values.get_mut(*at) {
                self.write_sub(value, sub)?;
            }
        }
        let fresh: Vec<usize> = if sub.is_named("primary") {
            let set = |at: &usize| values.get(*at).is_some_and(primary::is_primary);
            chosen.iter().copied().filter(set).collect()
        } else {
            Vec::new()
        };
        self.store_list(values, &fresh)
    }

    /// Writes or removes a sub-attribute of one value.
    fn write_sub(&mut self, holder: &mut Value, sub: &Attribute) -> Outcome {
        let now = holder.get(&sub.name).cloned().unwrap_or_default();
        let new = if self.kind == Kind::Remove {
            if sub.required && is_assigned(holder) {
                let refused = Refused::with(&[ScimType::Mutability]);
                return Err(refused.tolerating(&[ScimType::InvalidValue]));
            }
            if !is_assigned(&now) {
                return self.nothing_to_remove();
            }
            Value::Null
        } else {
            self.new_sub(&now, sub)?
        };
        if self.immutable_stays(&now, &new, sub)? {
            return Ok(());
        }
        let Some(members) = holder.as_object_mut() else {
            return Ok(());
        };
        let refers = self.attribute.sub("$ref").is_some() && sub.is_named("value");
        if refers && !is_assigned(&new) && self.answers.first(Choice::ReferenceEmptied) {
            let of_it = ["$ref", "type", "display", "displayName"];
            members.retain(|name, _| !of_it.contains(&name.as_str()));
        }
        if is_assigned(&new) {
            members.insert(sub.name.clone(), new);
        } else {
            members.shift_remove(&sub.name);
        }
        Ok(())
    }

    fn new_sub(&mut self, now: &Value, sub: &Attribute) -> Result<Value, Refused> {
        if self.value().is_null() {
            if sub.required {
                return Err(required());
            }
            if !self.answers.first(Choice::Null) {
                return Err(Refused::with(&[
                    ScimType::InvalidValue,
                    ScimType::InvalidSyntax,
                ]));
            }
            return Ok(Value::Null);
        }
        if sub.multi_valued {
            let mut values = fit_list(self.value(), sub, self.world, self.answers)?;
            if let (Kind::Add, Value::Array(old)) = (self.kind, now) {
                values.splice(0..0, old.iter().cloned());
            }
            return Ok(Value::Array(values));
        }
        let new = fit(self.value(), sub, self.world, self.answers)?;
        if sub.is_named("value") && self.attribute.sub("$ref").is_some() {
            check_reference(Some(&new), self.world, self.answers)?;
        }
        Ok(new)
    }

    /// Whether an immutable sub-attribute keeps its value.
    pub(super) fn immutable_stays(
        &mut self,
        now: &Value,
        new: &Value,
        sub: &Attribute,
    ) -> Result<bool, Refused> {
        let immutable = sub.mutability == Mutability::Immutable && is_assigned(now);
        if !immutable || equal(now, new, Some(sub)).is_ok() {
            return Ok(false);
        }
        match self.answers.ask(Choice::ImmutableInValue) {
            0 => Err(Refused::with(&[
                ScimType::Mutability,
                ScimType::NoTarget,
                ScimType::InvalidPath,
            ])),
            1 => Ok(false),
            _ => Ok(true),
        }
    }
}
