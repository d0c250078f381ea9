//! `excludedAttributes` is ignored.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The parameter excludedAttributes is ignored",
        ExcludedAttributesIgnored,
    )
    .breaks(&["rfc7644-3.9-excluded-attributes-are-left-out"])
}

struct ExcludedAttributesIgnored;

impl Fault for ExcludedAttributesIgnored {
    fn name(&self) -> &'static str {
        "excluded-attributes-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan {
            plan.projection.exclude.clear();
        }
    }
}
