//! The right side of `and` is dropped.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new("and only looks at its left operand", AndLooksLeft)
        .breaks(&["rfc7644-3.4.2.2-and-needs-both"])
}

struct AndLooksLeft;

impl Fault for AndLooksLeft {
    fn name(&self) -> &'static str {
        "and-looks-left"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::And(left, _) => *left,
            other => other,
        });
    }
}
