//! PATCH on the values of one multi-valued attribute.
//!
//! Knows nothing of other attributes.

use serde_json::{Map, Value};

use super::super::admit::{is_primary, is_unassigned, one_primary, same_value};
use super::super::filter::{Compiled, Evaluation, compile_values};
use super::super::model::find;
use super::super::problem::Problem;
use super::super::store::Kind;
use super::super::view::View;
use super::Op;
use super::apply::{Patching, Step, set};
use crate::scim::filter::{CompareOp, Comparison, Literal, ValueFilter};
use crate::scim::schema::{Attribute, DataType, Mutability};

impl Patching<'_> {
    /// An operation on a multi-valued attribute.
    pub(super) fn several(
        &self,
        step: &Step<'_>,
        filter: Option<&ValueFilter>,
        attributes: &mut Map<String, Value>,
    ) -> Result<(), Problem> {
        let old = match attributes.get(&step.attribute.name) {
            Some(Value::Array(values)) => values.clone(),
            _ => Vec::new(),
        };
        let mut values = old.clone();
        match (filter, step.sub) {
            (None, None) => self.whole_list(step, &mut values)?,
            (Some(filter), _) => self.chosen(step, filter, &mut values)?,
            (None, Some(_)) => {
                let all: Vec<usize> = (0..values.len()).collect();
                if all.is_empty() && step.op != Op::Remove {
                    return Err(none_chosen(step));
                }
                self.each(step, &all, &mut values)?;
            }
        }
        values.retain(|value| !is_unassigned(value));
        keep_one_primary(step.attribute, &old, &mut values)?;
        let new = (!values.is_empty()).then_some(Value::Array(values));
        set(step.attribute, attributes, new, step.op)
    }

    /// Without filter and sub-attribute.
    fn whole_list(&self, step: &Step<'_>, values: &mut Vec<Value>) -> Result<(), Problem> {
        let given = match step.op {
            Op::Remove if step.value.is_null() => {
                values.clear();
                return Ok(());
            }
            Op::Add if step.value.is_null() => {
                return Err(Problem::value("there is nothing to add"));
            }
            _ => match self
                .admission(step.operation)
                .value(step.attribute, step.value)?
            {
                Some(Value::Array(given)) => given,
                _ => Vec::new(),
            },
        };
        match step.op {
            Op::Replace => *values = given,
            // Not in the RFC, but sent: exactly the values that are given go.
            Op::Remove => {
                values
                    .retain(|value| !given.iter().any(|gone| covers(step.attribute, value, gone)));
            }
            Op::Add => {
                let mut present = Present::new(step.attribute, values);
                for value in given {
                    if present.insert(&value, values) {
                        values.push(value);
                    }
                }
            }
        }
        Ok(())
    }

    /// With a value filter.
    fn chosen(
        &self,
        step: &Step<'_>,
        filter: &ValueFilter,
        values: &mut Vec<Value>,
    ) -> Result<(), Problem> {
        if step.attribute.data_type != DataType::Complex {
            return Err(Problem::path(format!(
                "the values of '{}' have no sub-attributes",
                step.attribute.name
            )));
        }
        let filter = &with_booleans(step.attribute, filter);
        let compiled = compile_values(step.attribute, filter)?;
        let mut chosen = self.choose(step.attribute, &compiled, values);
        for fault in self.provider.faults() {
            fault.targeted(step.operation, values, &mut chosen);
        }
        match (step.op, chosen.is_empty()) {
            // Removing a member that is not there is no error (§3.5.2.2).
            (Op::Remove, true) => Ok(()),
            (Op::Replace, true) if !step.operation.capital => Err(none_chosen(step)),
            (Op::Add | Op::Replace, true) => {
                // What a member shows beside its id can't be chosen.
                if self.are_members(step.attribute) && step.sub.is_some() {
                    return Err(none_chosen(step));
                }
                let value = self.described(step, filter)?;
                let new = std::slice::from_ref(&value);
                if self.choose(step.attribute, &compiled, new).is_empty() {
                    return Err(none_chosen(step));
                }
                values.push(value);
                Ok(())
            }
            (_, false) => self.each(step, &chosen, values),
        }
    }

    fn view(&self) -> View<'_> {
        View {
            provider: self.provider,
            model: self.model,
            resource: self.before,
            base: self.base,
        }
    }

    /// Whether these are members of a group, of which only the id is stored.
    fn are_members(&self, attribute: &Attribute) -> bool {
        self.model.kind == Kind::Group && attribute.name == "members"
    }

    fn choose(&self, attribute: &Attribute, filter: &Compiled<'_>, values: &[Value]) -> Vec<usize> {
        let members = self.are_members(attribute);
        let evaluation = Evaluation::new(self.provider.faults());
        let matches = |value: &Value| {
            if members {
                evaluation.matches_value(filter, &self.view().member(value))
            } else {
                evaluation.matches_value(filter, value)
            }
        };
        values
            .iter()
            .enumerate()
            .filter(|(_, value)| matches(value))
            .map(|(at, _)| at)
            .collect()
    }

    /// Does the operation to the values at these positions.
    fn each(
        &self,
        step: &Step<'_>,
        chosen: &[usize],
        values: &mut Vec<Value>,
    ) -> Result<(), Problem> {
        if step.op == Op::Remove && step.sub.is_none() {
            let mut at = 0;
            values.retain(|_| {
                at += 1;
                !chosen.contains(&(at - 1))
            });
            return Ok(());
        }
        let primary = step.sub.is_some_and(|sub| sub.name == "primary");
        if primary && chosen.len() > 1 && *step.value == Value::Bool(true) {
            return Err(Problem::value(format!(
                "only one value of '{}' can be primary",
                step.attribute.name
            )));
        }
        for at in chosen {
            let Some(value) = values.get_mut(*at) else {
                continue;
            };
            let members = self.are_members(step.attribute);
            let replaced = step.sub.is_none() && step.op == Op::Replace;
            // What a member shows beside its id can't be changed.
            let shown = (members && !replaced).then(|| self.view().member(value));
            let old = shown.as_ref().unwrap_or(value);
            let mut object = old.as_object().cloned().unwrap_or_default();
            match step.sub {
                Some(sub) => {
                    let new = match step.op {
                        Op::Remove => None,
                        Op::Add | Op::Replace => {
                            self.admission(step.operation).value(sub, step.value)?
                        }
                    };
                    set(sub, &mut object, new, step.op)?;
                }
                None if step.op == Op::Add => self.merge(step, step.value, &mut object)?,
                None => object = self.replacement(step, &object)?,
            }
            if members {
                object.retain(|name, _| name == "value");
            }
            *value = Value::Object(object);
        }
        Ok(())
    }

    /// A whole value in the place of another, held to what is immutable in it.
    fn replacement(
        &self,
        step: &Step<'_>,
        old: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Problem> {
        let new = match self
            .admission(step.operation)
            .single(step.attribute, step.value)?
        {
            Some(Value::Object(new)) => new,
            _ => Map::new(),
        };
        for sub in &step.attribute.sub_attributes {
            let (was, is) = (old.get(&sub.name), new.get(&sub.name));
            if sub.mutability == Mutability::Immutable && was.is_some() && was != is {
                return Err(Problem::mutability(format!(
                    "'{}' of '{}' is immutable",
                    sub.name, step.attribute.name
                )));
            }
        }
        Ok(new)
    }

    /// The value that a filter describes, for an `add` that finds none: `type eq "work"` with a
    /// `value` to add becomes a work value. Only equalities joined by `and` describe one.
    fn described(&self, step: &Step<'_>, filter: &ValueFilter) -> Result<Value, Problem> {
        let mut object = Map::new();
        if !describe(filter, &mut object) {
            return Err(none_chosen(step));
        }
        match (step.sub, step.value) {
            (Some(sub), value) => {
                object.insert(sub.name.clone(), value.clone());
            }
            (None, Value::Object(given)) => object.extend(given.clone()),
            (None, _) => return Err(Problem::value("the value has to be an object")),
        }
        match self
            .admission(step.operation)
            .single(step.attribute, &Value::Object(object))?
        {
            Some(value) => Ok(value),
            None => Err(none_chosen(step)),
        }
    }
}

/// Which values are there already; members are found by id.
struct Present<'a> {
    attribute: &'a Attribute,
    ids: Option<std::collections::HashSet<String>>,
}

impl<'a> Present<'a> {
    fn new(attribute: &'a Attribute, values: &[Value]) -> Self {
        let ids = (attribute.name == "members")
            .then(|| values.iter().filter_map(id).map(str::to_owned).collect());
        Self { attribute, ids }
    }

    /// Whether the value is new.
    fn insert(&mut self, value: &Value, values: &[Value]) -> bool {
        match (&mut self.ids, id(value)) {
            (Some(ids), Some(id)) => ids.insert(id.to_owned()),
            _ => !values
                .iter()
                .any(|other| same_value(self.attribute, other, value)),
        }
    }
}

fn id(value: &Value) -> Option<&str> {
    value.get("value").and_then(Value::as_str)
}

/// The filter with booleans where a boolean is compared with one in a string, as in Entra ID's
/// `roles[primary eq "True"]`.
fn with_booleans(attribute: &Attribute, filter: &ValueFilter) -> ValueFilter {
    let both = |a: &ValueFilter, b: &ValueFilter| {
        let inside = |part| Box::new(with_booleans(attribute, part));
        (inside(a), inside(b))
    };
    match filter {
        ValueFilter::Or(a, b) => {
            let (a, b) = both(a, b);
            ValueFilter::Or(a, b)
        }
        ValueFilter::And(a, b) => {
            let (a, b) = both(a, b);
            ValueFilter::And(a, b)
        }
        ValueFilter::Not(inner) => ValueFilter::Not(Box::new(with_booleans(attribute, inner))),
        ValueFilter::Compare(path, comparison) => {
            let boolean = find(&attribute.sub_attributes, &path.name)
                .is_some_and(|sub| sub.data_type == DataType::Boolean);
            let value = match &comparison.value {
                Literal::String(text) if boolean && text.eq_ignore_ascii_case("true") => {
                    Literal::Bool(true)
                }
                Literal::String(text) if boolean && text.eq_ignore_ascii_case("false") => {
                    Literal::Bool(false)
                }
                other => other.clone(),
            };
            let op = comparison.op;
            ValueFilter::Compare(path.clone(), Comparison { op, value })
        }
        present @ ValueFilter::Present(_) => present.clone(),
    }
}

/// Collects the equalities of a filter; false where it says anything else.
fn describe(filter: &ValueFilter, object: &mut Map<String, Value>) -> bool {
    match filter {
        ValueFilter::And(a, b) => describe(a, object) && describe(b, object),
        ValueFilter::Compare(path, comparison) if comparison.op == CompareOp::Eq => {
            let value = match &comparison.value {
                Literal::Null => Value::Null,
                Literal::Bool(truth) => Value::Bool(*truth),
                Literal::Number(number) => Value::Number(number.clone()),
                Literal::String(text) => Value::String(text.clone()),
            };
            object.insert(path.name.clone(), value);
            true
        }
        _ => false,
    }
}

/// Whether a stored value has everything that another one names; no `primary` is a false one.
fn covers(attribute: &Attribute, stored: &Value, named: &Value) -> bool {
    let (Some(stored), Some(named)) = (stored.as_object(), named.as_object()) else {
        return same_value(attribute, stored, named);
    };
    let part = |name: &String, value: &Value| Value::from_iter([(name.clone(), value.clone())]);
    named.iter().all(|(name, value)| {
        let found = stored.get(name).unwrap_or(&Value::Bool(false));
        let known = stored.contains_key(name) || name == "primary";
        known && same_value(attribute, &part(name, found), &part(name, value))
    })
}

/// A value that became primary makes the others give way (§3.5.2).
fn keep_one_primary(
    attribute: &Attribute,
    old: &[Value],
    values: &mut [Value],
) -> Result<(), Problem> {
    if values.iter().filter(|value| is_primary(value)).count() < 2 {
        return Ok(());
    }
    let fresh: Vec<bool> = values
        .iter()
        .map(|value| is_primary(value) && !old.contains(value))
        .collect();
    if fresh.iter().any(|fresh| *fresh) {
        for (value, fresh) in values.iter_mut().zip(&fresh) {
            if !fresh && is_primary(value) {
                value["primary"] = Value::Bool(false);
            }
        }
    }
    one_primary(attribute, values)
}

fn none_chosen(step: &Step<'_>) -> Problem {
    Problem::no_target(format!(
        "the path selects no value of '{}'",
        step.attribute.name
    ))
}
