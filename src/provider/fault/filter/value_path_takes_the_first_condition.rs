//! Brackets with several conditions: only the first counts.

use crate::provider::fault::rewrite::rewrite_brackets;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::ValueFilter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Only the first of the conditions in brackets is looked at",
        ValuePathTakesTheFirstCondition,
    )
    .breaks(&["rfc7644-3.4.2.2-value-path-conditions-meet-in-one-value"])
}

struct ValuePathTakesTheFirstCondition;

impl Fault for ValuePathTakesTheFirstCondition {
    fn name(&self) -> &'static str {
        "value-path-takes-the-first-condition"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_brackets(plan, &mut weaker);
    }
}

fn weaker(filter: ValueFilter) -> ValueFilter {
    match filter {
        ValueFilter::And(first, _) | ValueFilter::Or(first, _) => *first,
        other => other,
    }
}
