//! `attributes` is ignored.

use super::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("The parameter attributes is ignored", AttributesIgnored)
        .breaks(&["rfc7644-3.9-attributes-selects-the-named"])
        .also(&[
            "rfc7643-7-default-attributes-appear-unless-projected-away",
            "rfc7644-3.10-projection-takes-sub-attributes",
            "rfc7644-3.4.3-search-projects",
            "rfc7644-3.9-projection-applies-to-writes-and-lists",
            "rfc7644-3.9-projection-uses-attribute-notation",
        ])
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
