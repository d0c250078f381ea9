//! Conditions of brackets outside of them, for the faults that mix up the values of an attribute.
//!
//! Changes no condition.

use crate::scim::filter::{AttributePath, Filter, ValueFilter};

/// A condition in brackets as one on the sub-attributes of any value.
pub(super) fn below(path: &AttributePath, filter: ValueFilter) -> Filter {
    let named = |sub: AttributePath| AttributePath {
        sub: Some(sub.name),
        ..path.clone()
    };
    match filter {
        ValueFilter::Or(a, b) => Filter::Or(Box::new(below(path, *a)), Box::new(below(path, *b))),
        ValueFilter::And(a, b) => Filter::And(Box::new(below(path, *a)), Box::new(below(path, *b))),
        ValueFilter::Not(inner) => Filter::Not(Box::new(below(path, *inner))),
        ValueFilter::Present(sub) => Filter::Present(named(sub)),
        ValueFilter::Compare(sub, comparison) => Filter::Compare(named(sub), comparison),
    }
}
