//! Chains of conditions, for the faults that lose one of many.
//!
//! Knows nothing of what the conditions say.

use crate::scim::filter::Filter;

/// The operands of a chain of `or`, in their order; the filter itself where it is none.
pub(super) fn alternatives(filter: Filter) -> Vec<Filter> {
    match filter {
        Filter::Or(rest, last) => {
            let mut all = alternatives(*rest);
            all.push(*last);
            all
        }
        other => vec![other],
    }
}

/// The operands of a chain of `and`, in their order; the filter itself where it is none.
pub(super) fn conditions(filter: Filter) -> Vec<Filter> {
    match filter {
        Filter::And(rest, last) => {
            let mut all = conditions(*rest);
            all.push(*last);
            all
        }
        other => vec![other],
    }
}

/// The chain of `or` again.
pub(super) fn any(all: Vec<Filter>) -> Option<Filter> {
    all.into_iter()
        .reduce(|a, b| Filter::Or(Box::new(a), Box::new(b)))
}

/// The chain of `and` again.
pub(super) fn every(all: Vec<Filter>) -> Option<Filter> {
    all.into_iter()
        .reduce(|a, b| Filter::And(Box::new(a), Box::new(b)))
}

/// Whether a filter names an attribute that this is true of.
pub(super) fn names(
    filter: &Filter,
    wanted: &dyn Fn(&crate::scim::filter::AttributePath) -> bool,
) -> bool {
    match filter {
        Filter::Or(a, b) | Filter::And(a, b) => names(a, wanted) || names(b, wanted),
        Filter::Not(a) => names(a, wanted),
        Filter::Present(path) | Filter::Compare(path, _) | Filter::ValuePath(path, _) => {
            wanted(path)
        }
    }
}
