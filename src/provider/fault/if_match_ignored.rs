//! `If-Match` is ignored.

use super::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "If-Match is ignored: a stale change goes through",
        IfMatchIgnored,
    )
    .breaks(&["rfc7644-3.14-if-match-guards-changes"])
    .also(&[
        "rfc7644-3.12-failed-precondition-answers-412",
        "rfc7644-3.14-if-match-guards-deletes",
    ])
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
