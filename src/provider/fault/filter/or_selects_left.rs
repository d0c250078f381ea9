//! The right side of `or` is dropped.

use crate::provider::fault::rewrite::{query, rewrite};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new("or selects what its left side selects", OrSelectsLeft)
        .breaks(&["rfc7644-3.4.2.2-or-needs-one"])
}

struct OrSelectsLeft;

impl Fault for OrSelectsLeft {
    fn name(&self) -> &'static str {
        "or-selects-left"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.filter = query.filter.take().map(|filter| {
                rewrite(filter, &mut |filter| match filter {
                    Filter::Or(left, _) => *left,
                    other => other,
                })
            });
        }
    }
}
