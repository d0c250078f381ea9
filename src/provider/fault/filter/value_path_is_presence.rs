//! Conditions in brackets are passed over.

use crate::provider::fault::rewrite::rewrite_query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::scim::filter::Filter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A value path holds as soon as the attribute has a value",
        ValuePathIsPresence,
    )
    .breaks(&["rfc7644-3.4.2.2-value-path-conditions-meet-in-one-value"])
}

struct ValuePathIsPresence;

impl Fault for ValuePathIsPresence {
    fn name(&self) -> &'static str {
        "value-path-is-presence"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        rewrite_query(plan, &mut |filter| match filter {
            Filter::ValuePath(path, _) => Filter::Present(path),
            other => other,
        });
    }
}
