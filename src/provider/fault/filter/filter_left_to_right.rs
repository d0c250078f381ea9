//! `and` does not bind tighter than `or`.

use crate::provider::fault::rewrite::{query, rewrite};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "and and or have the same precedence: a filter is read from left to right",
        FilterLeftToRight,
    )
    .breaks(&["rfc7644-3.4.2.2-and-binds-tighter-than-or"])
}

struct FilterLeftToRight;

impl Fault for FilterLeftToRight {
    fn name(&self) -> &'static str {
        "filter-left-to-right"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.filter = query.filter.take().map(|filter| {
                rewrite(filter, &mut |filter| match filter {
                    Filter::Or(a, right) => match *right {
                        Filter::And(b, c) => Filter::And(Box::new(Filter::Or(a, b)), c),
                        right => Filter::Or(a, Box::new(right)),
                    },
                    other => other,
                })
            });
        }
    }
}
