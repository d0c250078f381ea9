//! Runs compiled filters on resources and values; finds sort keys.
//!
//! Offers the answer of each test to the active faults.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Number, Value};

use super::super::admit::{is_primary, is_unassigned};
use super::super::fault::Fault;
use super::super::model::Place;
use super::super::text;
use super::super::view::View;
use super::Compared;
use super::compile::{Compiled, Operand, Test};
use crate::scim::datetime;
use crate::scim::filter::CompareOp;
use crate::scim::schema::{Attribute, DataType};

/// Runs filters with these faults active.
#[derive(Clone, Copy)]
pub(in crate::provider) struct Evaluation<'f> {
    faults: &'f [std::sync::Arc<dyn Fault>],
}

impl<'f> Evaluation<'f> {
    /// An evaluation that offers its answers to these faults.
    pub(in crate::provider) fn new(faults: &'f [std::sync::Arc<dyn Fault>]) -> Self {
        Self { faults }
    }

    /// Whether a resource matches.
    pub(in crate::provider) fn matches(self, filter: &Compiled<'_>, view: View<'_>) -> bool {
        match filter {
            Compiled::Or(parts) => parts.iter().any(|part| self.matches(part, view)),
            Compiled::And(parts) => parts.iter().all(|part| self.matches(part, view)),
            Compiled::Not(a) => !self.matches(a, view),
            Compiled::Test(test) => {
                let value = view.value_for(test.extension, test.attribute, test.sub);
                self.holds(test, value.as_deref())
            }
            Compiled::Values {
                extension,
                attribute,
                filter,
            } => match view.value(*extension, attribute).as_deref() {
                Some(Value::Array(values)) => {
                    values.iter().any(|value| self.matches_value(filter, value))
                }
                Some(value) => self.matches_value(filter, value),
                None => false,
            },
            Compiled::Extension(urn) => view.resource.attributes.contains_key(*urn),
            Compiled::Undefined => false,
        }
    }

    /// Whether one value of a complex attribute matches a filter in brackets.
    pub(in crate::provider) fn matches_value(self, filter: &Compiled<'_>, value: &Value) -> bool {
        match filter {
            Compiled::Or(parts) => parts.iter().any(|part| self.matches_value(part, value)),
            Compiled::And(parts) => parts.iter().all(|part| self.matches_value(part, value)),
            Compiled::Not(a) => !self.matches_value(a, value),
            Compiled::Test(test) => self.holds(test, Some(value)),
            Compiled::Values { .. } | Compiled::Extension(_) | Compiled::Undefined => false,
        }
    }

    /// A test on the value of its attribute: any of several values will do.
    fn holds(self, test: &Test<'_>, value: Option<&Value>) -> bool {
        let one = |(position, value): (usize, &Value)| match test.sub {
            Some(sub) => self.answer(test, value.get(&sub.name), position),
            None => self.answer(test, Some(value), position),
        };
        match value {
            None => self.answer(test, None, 0),
            Some(Value::Array(values)) if values.is_empty() => self.answer(test, None, 0),
            Some(Value::Array(values)) => values.iter().enumerate().any(one),
            Some(value) => one((0, value)),
        }
    }

    fn answer(self, test: &Test<'_>, stored: Option<&Value>, position: usize) -> bool {
        let attribute = test.sub.unwrap_or(test.attribute);
        let mut answer = match test.comparison {
            None => stored.is_some_and(is_present),
            Some(comparison) => compare(attribute, comparison.op, &test.operand, stored),
        };
        for fault in self.faults {
            let compared = Compared {
                attribute,
                comparison: test.comparison,
                stored,
                position,
            };
            fault.compared(&compared, &mut answer);
        }
        answer
    }
}

/// `pr`: a value that is not empty; a complex one has at least one such node.
fn is_present(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Object(members) => members.values().any(is_present),
        value => !is_unassigned(value),
    }
}

/// What is not there differs from every value and equals null only.
fn compare(
    attribute: &Attribute,
    op: CompareOp,
    operand: &Operand,
    stored: Option<&Value>,
) -> bool {
    let stored = stored.filter(|value| !is_unassigned(value));
    if matches!(operand, Operand::Null) {
        return stored.is_none() == (op == CompareOp::Eq);
    }
    let Some(stored) = stored else {
        return op == CompareOp::Ne;
    };
    match (operand, stored) {
        (Operand::Text(wanted), Value::String(stored)) => {
            let stored = text::prepare(stored, attribute.case_exact);
            match op {
                CompareOp::Co => stored.contains(wanted.as_str()),
                CompareOp::Sw => stored.starts_with(wanted.as_str()),
                CompareOp::Ew => stored.ends_with(wanted.as_str()),
                _ => decide(op, (*stored).cmp(wanted.as_str())),
            }
        }
        (Operand::Bool(wanted), Value::Bool(stored)) => decide(op, stored.cmp(wanted)),
        (Operand::Number(wanted), Value::Number(stored)) => {
            compare_numbers(stored, wanted).is_some_and(|ordering| decide(op, ordering))
        }
        (Operand::Instant(wanted), Value::String(stored)) => match datetime::parse(stored) {
            Some(stored) => decide(op, stored.cmp(wanted)),
            None => op == CompareOp::Ne,
        },
        _ => op == CompareOp::Ne,
    }
}

/// Whether an operator holds of two values that stand in this order; never for those that look into a text.
pub(in crate::provider) fn decide(op: CompareOp, ordering: Ordering) -> bool {
    match op {
        CompareOp::Eq => ordering.is_eq(),
        CompareOp::Ne => ordering.is_ne(),
        CompareOp::Gt => ordering.is_gt(),
        CompareOp::Ge => ordering.is_ge(),
        CompareOp::Lt => ordering.is_lt(),
        CompareOp::Le => ordering.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}

fn compare_numbers(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// What resources are sorted by (RFC 7644 §3.4.2.3). Resources without come last.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(in crate::provider) enum SortKey {
    /// A prepared string.
    Text(String),
    /// A number or a boolean.
    Number(f64),
    /// A moment.
    Instant(Timestamp),
    /// No value.
    Missing,
}

impl SortKey {
    /// The order of two keys; missing values last.
    pub(in crate::provider) fn order(&self, other: &Self) -> Ordering {
        self.partial_cmp(other).unwrap_or(Ordering::Equal)
    }
}

/// The sort key of a resource: of several values the primary one, else the first.
pub(in crate::provider) fn sort_key(place: Option<Place<'_>>, view: View<'_>) -> SortKey {
    let Some(Place::Attribute {
        extension,
        attribute,
        sub,
    }) = place
    else {
        return SortKey::Missing;
    };
    let Some(value) = view.value_for(extension, attribute, sub) else {
        return SortKey::Missing;
    };
    let value = match &*value {
        Value::Array(values) => values
            .iter()
            .find(|value| is_primary(value))
            .or_else(|| values.first())
            .map(Cow::Borrowed),
        _ => Some(Cow::Borrowed(&*value)),
    };
    let leaf = match (&value, sub) {
        (Some(value), Some(sub)) => value.get(&sub.name),
        (Some(value), None) => Some(&**value),
        (None, _) => None,
    };
    let tested = sub.unwrap_or(attribute);
    match leaf {
        Some(Value::String(text)) if tested.data_type == DataType::DateTime => {
            datetime::parse(text).map_or(SortKey::Missing, SortKey::Instant)
        }
        Some(Value::String(text)) => {
            SortKey::Text(text::prepare(text, tested.case_exact).into_owned())
        }
        Some(Value::Number(number)) => number.as_f64().map_or(SortKey::Missing, SortKey::Number),
        Some(Value::Bool(truth)) => SortKey::Number(f64::from(u8::from(*truth))),
        _ => SortKey::Missing,
    }
}
