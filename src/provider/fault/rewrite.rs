//! Where filters of lists are found and how they are rewritten, for the faults that bend them.

use crate::provider::plan::{Action, Plan, Query};
use crate::provider::problem::Problem;
use crate::scim::filter::{Filter, ValueFilter};

/// The query of a list.
pub(super) fn query(plan: &mut Result<Plan, Problem>) -> Option<&mut Query> {
    match plan {
        Ok(Plan {
            action: Action::List(_, query),
            ..
        }) => Some(query),
        _ => None,
    }
}

/// Rewrites the filter of a list, where it has one, from its leaves up.
pub(super) fn rewrite_query(
    plan: &mut Result<Plan, Problem>,
    change: &mut dyn FnMut(Filter) -> Filter,
) {
    if let Some(query) = query(plan) {
        query.filter = query.filter.take().map(|filter| rewrite(filter, change));
    }
}

/// Rewrites the conditions inside the brackets of a list's filter, from their leaves up.
pub(super) fn rewrite_brackets(
    plan: &mut Result<Plan, Problem>,
    change: &mut dyn FnMut(ValueFilter) -> ValueFilter,
) {
    rewrite_query(plan, &mut |filter| match filter {
        Filter::ValuePath(path, inner) => {
            Filter::ValuePath(path, Box::new(rewrite_values(*inner, change)))
        }
        other => other,
    });
}

/// Rewrites the conditions inside brackets, from their leaves up.
fn rewrite_values(
    filter: ValueFilter,
    change: &mut dyn FnMut(ValueFilter) -> ValueFilter,
) -> ValueFilter {
    let inside = match filter {
        ValueFilter::Or(a, b) => ValueFilter::Or(
            Box::new(rewrite_values(*a, change)),
            Box::new(rewrite_values(*b, change)),
        ),
        ValueFilter::And(a, b) => ValueFilter::And(
            Box::new(rewrite_values(*a, change)),
            Box::new(rewrite_values(*b, change)),
        ),
        ValueFilter::Not(inner) => ValueFilter::Not(Box::new(rewrite_values(*inner, change))),
        leaf => leaf,
    };
    change(inside)
}

/// Rewrites a filter from its leaves up.
pub(super) fn rewrite(filter: Filter, change: &mut dyn FnMut(Filter) -> Filter) -> Filter {
    let inside = match filter {
        Filter::Or(a, b) => {
            Filter::Or(Box::new(rewrite(*a, change)), Box::new(rewrite(*b, change)))
        }
        Filter::And(a, b) => {
            Filter::And(Box::new(rewrite(*a, change)), Box::new(rewrite(*b, change)))
        }
        Filter::Not(inner) => Filter::Not(Box::new(rewrite(*inner, change))),
        leaf => leaf,
    };
    change(inside)
}
