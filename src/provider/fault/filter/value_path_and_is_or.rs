//! `and` in brackets is taken for `or`.

use crate::provider::fault::rewrite::rewrite_brackets;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::ValueFilter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "One of the conditions in brackets will do",
        ValuePathAndIsOr,
    )
    .breaks(&["rfc7644-3.4.2.2-value-path-conditions-meet-in-one-value"])
}

struct ValuePathAndIsOr;

impl Fault for ValuePathAndIsOr {
    fn name(&self) -> &'static str {
        "value-path-and-is-or"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_brackets(plan, &mut |inner| match inner {
            ValueFilter::And(a, b) => ValueFilter::Or(a, b),
            other => other,
        });
    }
}
