//! `and` is taken for `or`.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new("and holds as soon as one operand matches", AndIsOr)
        .breaks(&["rfc7644-3.4.2.2-and-needs-both"])
}

struct AndIsOr;

impl Fault for AndIsOr {
    fn name(&self) -> &'static str {
        "and-is-or"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::And(a, b) => Filter::Or(a, b),
            other => other,
        });
    }
}
