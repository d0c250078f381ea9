//! `not` stops at the first operator.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "not (a or b) is read as (not a) or b",
        NotReachesTheFirstOnly,
    )
    .breaks(&["rfc7644-3.4.2.2-not-inverts"])
}

struct NotReachesTheFirstOnly;

impl Fault for NotReachesTheFirstOnly {
    fn name(&self) -> &'static str {
        "not-reaches-the-first-only"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Not(inner) => match *inner {
                Filter::Or(a, b) => Filter::Or(Box::new(Filter::Not(a)), b),
                Filter::And(a, b) => Filter::And(Box::new(Filter::Not(a)), b),
                inner => Filter::Not(Box::new(inner)),
            },
            other => other,
        });
    }
}
