//! `or` is taken for `and`.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new("or holds only where both operands match", OrIsAnd)
        .breaks(&["rfc7644-3.4.2.2-or-needs-one"])
}

struct OrIsAnd;

impl Fault for OrIsAnd {
    fn name(&self) -> &'static str {
        "or-is-and"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Or(a, b) => Filter::And(a, b),
            other => other,
        });
    }
}
