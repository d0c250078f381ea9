//! Parentheses are passed over.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Parentheses do not change the order of evaluation",
        GroupingDropped,
    )
    .breaks(&["rfc7644-3.4.2.2-grouping-comes-first"])
}

struct GroupingDropped;

impl Fault for GroupingDropped {
    fn name(&self) -> &'static str {
        "grouping-dropped"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::And(left, right) => match (*left, *right) {
                (Filter::Or(a, b), c) => Filter::Or(a, Box::new(Filter::And(b, Box::new(c)))),
                (a, Filter::Or(b, c)) => Filter::Or(Box::new(Filter::And(Box::new(a), b)), c),
                (a, b) => Filter::And(Box::new(a), Box::new(b)),
            },
            other => other,
        });
    }
}
