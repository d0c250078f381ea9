//! The table of values is joined before the negation.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "not before brackets leaves out resources without any value of the attribute",
        NegatedValuePathsNeedAValue,
    )
    .breaks(&["rfc7644-3.4.2.2-not-inverts"])
}

struct NegatedValuePathsNeedAValue;

impl Fault for NegatedValuePathsNeedAValue {
    fn name(&self) -> &'static str {
        "negated-value-paths-need-a-value"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Not(inner) => match *inner {
                Filter::ValuePath(path, conditions) => {
                    let any = Filter::Present(path.clone());
                    let not = Filter::Not(Box::new(Filter::ValuePath(path, conditions)));
                    Filter::And(Box::new(any), Box::new(not))
                }
                inner => Filter::Not(Box::new(inner)),
            },
            other => other,
        });
    }
}
