//! `If-Match` is ignored.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "If-Match is ignored: a stale change goes through",
        IfMatchIgnored,
    )
    .breaks(&["rfc7644-3.14-if-match-guards-changes"])
}

struct IfMatchIgnored;

impl Fault for IfMatchIgnored {
    fn name(&self) -> &'static str {
        "if-match-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan {
            plan.if_match = None;
        }
    }
}
