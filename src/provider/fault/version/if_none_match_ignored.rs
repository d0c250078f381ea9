//! `If-None-Match` is ignored.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "If-None-Match is ignored: an unchanged resource is sent again",
        IfNoneMatchIgnored,
    )
    .breaks(&["rfc7644-3.14-if-none-match-answers-304"])
}

struct IfNoneMatchIgnored;

impl Fault for IfNoneMatchIgnored {
    fn name(&self) -> &'static str {
        "if-none-match-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan {
            plan.if_none_match = None;
        }
    }
}
