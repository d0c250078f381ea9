//! Operations on the values that a filter in the path selects.

use serde_json::{Map, Value};

use super::Run;
use super::change::Change;
use super::message::{Kind, Operation};
use crate::oracle::choice::Choice;
use crate::oracle::filter::{Refusal, selects_value, value_readings, value_refusal};
use crate::oracle::outcome::Refused;
use crate::oracle::primary;
use crate::oracle::value::{fit, merge, same};
use crate::scim::error::ScimType;
use crate::scim::filter::{AttributePath, CompareOp, Literal, ValueFilter};
use crate::scim::resource::is_assigned;
use crate::scim::schema::{Attribute, DataType, Mutability, Place};

type Outcome = Result<(), Refused>;

/// Both keywords fit what is wrong within the brackets of a path.
const IN_BRACKETS: [ScimType; 2] = [ScimType::InvalidFilter, ScimType::InvalidPath];

impl Run<'_, '_> {
    /// `attribute[filter]` and `attribute[filter].sub`.
    pub(super) fn selection(
        &mut self,
        path: &AttributePath,
        filter: &ValueFilter,
        sub: Option<&str>,
        operation: &Operation<'_>,
    ) -> Outcome {
        let schemas = self.schemas;
        let Some(Place::Attribute {
            extension,
            attribute,
            sub: None,
        }) = schemas.find(path)
        else {
            return self.unknown();
        };
        let sub = match sub.map(|name| attribute.sub(name)) {
            Some(None) if attribute.data_type == DataType::Complex => return self.unknown(),
            Some(None) | None => None,
            Some(found) => found,
        };
        self.change(extension, attribute, operation, |change| {
            change.selected(filter, sub)
        })
    }
}

impl Change<'_, '_> {
    fn selected(&mut self, filter: &ValueFilter, sub: Option<&Attribute>) -> Outcome {
        let single = !self.attribute.multi_valued;
        let simple = self.attribute.data_type != DataType::Complex;
        if simple || single && self.answers.first(Choice::FilterOnSingle) {
            return Err(Refused::with(&[
                ScimType::InvalidPath,
                ScimType::InvalidFilter,
                ScimType::NoTarget,
                ScimType::InvalidValue,
            ]));
        }
        if self.attribute.mutability == Mutability::ReadOnly
            || sub.is_some_and(|sub| sub.mutability == Mutability::ReadOnly)
        {
            return Err(Refused::with(&[ScimType::Mutability]));
        }
        self.check_filter(filter)?;
        let values = self.list();
        let chosen = self.choose(filter, &values);
        if chosen.is_empty() {
            return self.no_match(filter, values, sub);
        }
        match (self.kind, sub) {
            (_, Some(sub)) => self.write_chosen(values, &chosen, sub),
            (Kind::Remove, None) => self.remove_chosen(values, &chosen),
            (_, None) => self.replace_chosen(values, &chosen),
        }
    }

    fn check_filter(&mut self, filter: &ValueFilter) -> Outcome {
        let refused = || Err(Refused::with(&IN_BRACKETS));
        match value_refusal(filter, self.attribute) {
            Refusal::Due => return refused(),
            Refusal::Fair if !self.answers.first(Choice::FilterRefusable) => return refused(),
            _ => {}
        }
        if !only_eq(filter) && !self.answers.first(Choice::FilterOperators) {
            return refused();
        }
        Ok(())
    }

    /// Indices of the values that the filter selects.
    fn choose(&mut self, filter: &ValueFilter, values: &[Value]) -> Vec<usize> {
        let readings = value_readings(filter, self.attribute);
        let reading = match readings.as_slice() {
            [only] => *only,
            several => {
                let answer = self.answers.ask(Choice::Reading(self.index, several.len()));
                match several.get(answer) {
                    Some(reading) => *reading,
                    None => return Vec::new(),
                }
            }
        };
        let mut chosen = Vec::new();
        for (at, value) in values.iter().enumerate() {
            let selected = selects_value(filter, value, self.attribute, reading);
            if selected.unwrap_or_else(|| self.answers.first(Choice::Unknowable(self.index, at))) {
                chosen.push(at);
            }
        }
        chosen
    }

    fn no_match(
        &mut self,
        filter: &ValueFilter,
        mut values: Vec<Value>,
        sub: Option<&Attribute>,
    ) -> Outcome {
        let no_target = Err(Refused::with(&[ScimType::NoTarget]));
        match self.kind {
            Kind::Replace => no_target,
            Kind::Remove => self.nothing_to_remove(),
            Kind::Add => match self.answers.ask(Choice::AddNoMatch) {
                0 => no_target,
                1 => {
                    let mut value = Map::new();
                    if !described(filter, self.attribute, &mut value) {
                        return no_target;
                    }
                    values.push(Value::Object(value));
                    let at = values.len() - 1;
                    match sub {
                        Some(sub) => self.write_subs(values, &[at], sub),
                        None => self.replace_chosen(values, &[at]),
                    }
                }
                _ => Ok(()),
            },
        }
    }

    fn write_chosen(&mut self, values: Vec<Value>, chosen: &[usize], sub: &Attribute) -> Outcome {
        if self.kind != Kind::Remove {
            return self.write_subs(values, chosen, sub);
        }
        let has = |at: &&usize| {
            let value = values.get(**at).and_then(|value| value.get(&sub.name));
            value.is_some_and(is_assigned)
        };
        let having: Vec<usize> = chosen.iter().filter(has).copied().collect();
        if having.is_empty() {
            return self.nothing_to_remove();
        }
        self.write_subs(values, &having, sub)
    }

    fn remove_chosen(&mut self, values: Vec<Value>, chosen: &[usize]) -> Outcome {
        let kept = values
            .into_iter()
            .enumerate()
            .filter(|(at, _)| !chosen.contains(at))
            .map(|(_, value)| value)
            .collect();
        self.store_list(kept, &[])
    }

    fn replace_chosen(&mut self, mut values: Vec<Value>, chosen: &[usize]) -> Outcome {
        let given = match self.value() {
            Value::Array(items)
                if items.len() == 1 && self.answers.first(Choice::SingleForList) =>
            {
                items.first().cloned().unwrap_or_default()
            }
            other => other.clone(),
        };
        let new = fit(&given, self.attribute, self.world, self.answers)?;
        let merges = match self.kind {
            Kind::Add if !self.answers.first(Choice::AddMatched) => {
                return Err(Refused::with(&[
                    ScimType::InvalidPath,
                    ScimType::InvalidValue,
                ]));
            }
            Kind::Add => true,
            _ => self.answers.first(Choice::ReplaceMatched),
        };
        let mut fresh = Vec::new();
        for at in chosen {
            let Some(value) = values.get_mut(*at) else {
                continue;
            };
            if self.immutables_stay(value, &new)? {
                continue;
            }
            if !merges {
                *value = Value::Object(Map::new());
            }
            merge(value, new.clone());
            if primary::is_primary(&new) {
                fresh.push(*at);
            }
        }
        let repeated = self.repeated(&values, chosen);
        if !repeated.is_empty() && !self.answers.first(Choice::AlikeAfterwards) {
            let before = |at: &usize| repeated.iter().filter(|it| *it < at).count();
            fresh.retain(|at| !repeated.contains(at));
            fresh = fresh.iter().map(|at| at - before(at)).collect();
            let kept = values.into_iter().enumerate();
            let kept = kept.filter(|(at, _)| !repeated.contains(at));
            values = kept.map(|(_, value)| value).collect();
        }
        self.store_list(values, &fresh)
    }

    /// Indices of the values that an earlier one equals, now that some were written.
    fn repeated(&self, values: &[Value], written: &[usize]) -> Vec<usize> {
        let all = values.iter().enumerate();
        let repeats = all.filter(|(at, value)| {
            let mut earlier = values.iter().enumerate().take(*at);
            earlier.any(|(other, it)| {
                (written.contains(at) || written.contains(&other))
                    && same(it, value, self.attribute)
            })
        });
        repeats.map(|(at, _)| at).collect()
    }

    /// Whether a value keeps its immutable sub-attributes and with them everything.
    fn immutables_stay(&mut self, now: &Value, new: &Value) -> Result<bool, Refused> {
        let attribute = self.attribute;
        let mut stays = false;
        for sub in &attribute.sub_attributes {
            if let (Some(now), Some(new)) = (now.get(&sub.name), new.get(&sub.name)) {
                stays |= self.immutable_stays(now, new, sub)?;
            }
        }
        Ok(stays)
    }
}

/// Whether a filter compares with `eq` alone.
fn only_eq(filter: &ValueFilter) -> bool {
    match filter {
        ValueFilter::Or(a, b) | ValueFilter::And(a, b) => only_eq(a) && only_eq(b),
        ValueFilter::Not(_) | ValueFilter::Present(_) => false,
        ValueFilter::Compare(_, comparison) => comparison.op == CompareOp::Eq,
    }
}

/// The value that a filter of `eq` and `and` describes; false where it describes none.
fn described(filter: &ValueFilter, attribute: &Attribute, value: &mut Map<String, Value>) -> bool {
    match filter {
        ValueFilter::And(a, b) => described(a, attribute, value) && described(b, attribute, value),
        ValueFilter::Compare(path, comparison) if comparison.op == CompareOp::Eq => {
            let Some(sub) = attribute.sub(&path.name) else {
                return false;
            };
            let operand = match &comparison.value {
                Literal::Null => Value::Null,
                Literal::Bool(it) => Value::Bool(*it),
                Literal::Number(it) => Value::Number(it.clone()),
                Literal::String(it) => Value::String(it.clone()),
            };
            value.insert(sub.name.clone(), operand);
            true
        }
        _ => false,
    }
}
