//! Where filters of lists are found and how they are rewritten, for the faults that bend them.

use crate::provider::plan::{Action, Plan, Query};
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

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
