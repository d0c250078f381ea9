//! After a `not` the parser goes on from left to right.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "After a not in front of it, and does not bind tighter than or",
        PrecedenceLostAfterNot,
    )
    .breaks(&["rfc7644-3.4.2.2-and-binds-tighter-than-or"])
    .only_by("probe.filter")
}

struct PrecedenceLostAfterNot;

impl Fault for PrecedenceLostAfterNot {
    fn name(&self) -> &'static str {
        "precedence-lost-after-not"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::Or(a, right) => match (ends_in_not(&a), *right) {
                (true, Filter::And(b, c)) => Filter::And(Box::new(Filter::Or(a, b)), c),
                (_, right) => Filter::Or(a, Box::new(right)),
            },
            other => other,
        });
    }
}

fn ends_in_not(filter: &Filter) -> bool {
    match filter {
        Filter::Or(_, last) | Filter::And(_, last) => ends_in_not(last),
        Filter::Not(_) => true,
        _ => false,
    }
}
