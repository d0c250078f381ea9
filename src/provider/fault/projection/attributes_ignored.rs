//! `attributes` is ignored.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("The parameter attributes is ignored", AttributesIgnored)
        .breaks(&["rfc7644-3.9-attributes-selects-the-named"])
}

struct AttributesIgnored;

impl Fault for AttributesIgnored {
    fn name(&self) -> &'static str {
        "attributes-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan {
            plan.projection.include.clear();
        }
    }
}
