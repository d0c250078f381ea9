//! Reference evaluation of filters (RFC 7644 §3.4.2.2).
//!
//! The RFC leaves questions open (`ne` of a missing value, non-ASCII letters, …). Each is a
//! [`Choice`]; a server that is consistent with itself takes one side of each. The evaluator takes
//! the sides as given and is otherwise two-valued, but for what a representation cannot show.

mod decisive;
mod leaf;
mod reading;
mod refusal;
mod text;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub use decisive::is_decisive;
pub use reading::{Choice, Reading};
pub use refusal::{Refusal, is_heavy, refusal, uses_value_path, value_refusal};

use crate::scim::filter::{Filter, ValueFilter};
use crate::scim::schema::{Attribute, Place, SchemaSet};
use leaf::Leaf;

/// What a filter says of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It selects the resource, however it is read.
    Yes,
    /// It does not, however it is read.
    No,
    /// Fair readings differ.
    Either,
    /// The filter has to be refused with `invalidFilter`.
    Invalid,
}

/// Three-valued truth; ordered so that `or` is the greater and `and` the lesser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Truth {
    False,
    Unknown,
    True,
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}

/// Whether a filter selects a resource, as its representation shows it.
pub fn matches(filter: &Filter, resource: &Value, schemas: &SchemaSet) -> Verdict {
    if refusal(filter, &[schemas]) == Refusal::Due {
        return Verdict::Invalid;
    }
    let mut seen =
        Reading::all(filter, schemas).map(|reading| under(filter, resource, schemas, reading));
    let Some(first) = seen.next() else {
        return Verdict::Either;
    };
    match first {
        Truth::Unknown => Verdict::Either,
        first if seen.any(|other| other != first) => Verdict::Either,
        Truth::True => Verdict::Yes,
        Truth::False => Verdict::No,
    }
}

/// A result that no fair reading explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfair {
    /// Index of a resource that is wrongly in or out under the reading that explains most.
    pub index: usize,
    /// Whether it ought to be selected.
    pub expected: bool,
}

/// Whether one fair reading explains a whole result: each resource with whether it was selected.
///
/// # Errors
/// The first resource that is wrong under the reading that explains most of them.
pub fn explains<'a>(
    filter: &Filter,
    result: impl IntoIterator<Item = (&'a Value, bool)>,
    schemas: &SchemaSet,
) -> Result<Reading, Unfair> {
    let result: Vec<_> = result.into_iter().collect();
    let mut best: Option<(usize, Unfair)> = None;
    for reading in Reading::all(filter, schemas) {
        let mut wrong = result
            .iter()
            .enumerate()
            .filter_map(|(index, (resource, selected))| {
                let truth = under(filter, resource, schemas, reading);
                let expected = truth == Truth::True;
                (truth != Truth::Unknown && expected != *selected)
                    .then_some(Unfair { index, expected })
            });
        let Some(first) = wrong.next() else {
            return Ok(reading);
        };
        let count = 1 + wrong.count();
        if best.is_none_or(|(least, _)| count < least) {
            best = Some((count, first));
        }
    }
    let nothing = Unfair {
        index: 0,
        expected: false,
    };
    Err(best.map_or(nothing, |(_, unfair)| unfair))
}

/// The readings of a filter in brackets after an attribute.
pub(in crate::oracle) fn value_readings(
    filter: &ValueFilter,
    attribute: &Attribute,
) -> Vec<Reading> {
    Reading::all_of_values(filter, attribute).collect()
}

/// Whether a filter in brackets selects one value under a reading; absent where nobody can say.
pub(in crate::oracle) fn selects_value(
    filter: &ValueFilter,
    value: &Value,
    attribute: &Attribute,
    reading: Reading,
) -> Option<bool> {
    match value_under(filter, value, attribute, reading) {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown => None,
    }
}

/// What a filter says of a resource under one reading.
fn under(filter: &Filter, resource: &Value, schemas: &SchemaSet, reading: Reading) -> Truth {
    let again = |inner: &Filter| under(inner, resource, schemas, reading);
    match filter {
        Filter::Or(a, b) => again(a).max(again(b)),
        Filter::And(a, b) => again(a).min(again(b)),
        Filter::Not(a) => !again(a),
        Filter::Present(path) => Leaf::in_resource(path, resource, schemas, reading).present(),
        Filter::Compare(path, comparison) => {
            Leaf::in_resource(path, resource, schemas, reading).compare(comparison)
        }
        Filter::ValuePath(path, inner) => {
            let leaf = Leaf::in_resource(path, resource, schemas, reading);
            let Some(Place::Attribute {
                attribute,
                sub: None,
                ..
            }) = schemas.find(path)
            else {
                return leaf.present().min(Truth::Unknown);
            };
            if attribute.sub_attributes.is_empty() {
                return Truth::Unknown.min(leaf.present());
            }
            leaf.any(|value| value_under(inner, value, attribute, reading))
        }
    }
}

/// What a filter in brackets says of one value of a complex attribute.
fn value_under(
    filter: &ValueFilter,
    value: &Value,
    attribute: &Attribute,
    reading: Reading,
) -> Truth {
    let again = |inner: &ValueFilter| value_under(inner, value, attribute, reading);
    match filter {
        ValueFilter::Or(a, b) => again(a).max(again(b)),
        ValueFilter::And(a, b) => again(a).min(again(b)),
        ValueFilter::Not(a) => !again(a),
        ValueFilter::Present(path) => Leaf::in_value(path, value, attribute, reading).present(),
        ValueFilter::Compare(path, comparison) => {
            Leaf::in_value(path, value, attribute, reading).compare(comparison)
        }
    }
}
