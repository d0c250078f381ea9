//! `not` goes to both sides of an operator that stays what it is.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "not (a or b) is read as (not a) or (not b)",
        NotKeepsTheOperator,
    )
    .breaks(&["rfc7644-3.4.2.2-not-inverts"])
}

struct NotKeepsTheOperator;

impl Fault for NotKeepsTheOperator {
    fn name(&self) -> &'static str {
        "not-keeps-the-operator"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Not(inner) => match *inner {
                Filter::Or(a, b) => Filter::Or(Box::new(Filter::Not(a)), Box::new(Filter::Not(b))),
                Filter::And(a, b) => {
                    Filter::And(Box::new(Filter::Not(a)), Box::new(Filter::Not(b)))
                }
                inner => Filter::Not(Box::new(inner)),
            },
            other => other,
        });
    }
}
