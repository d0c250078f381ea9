//! DELETE ignores `If-Match`.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("If-Match is ignored by DELETE", IfMatchOnDeleteIgnored)
        .breaks(&["rfc7644-3.14-if-match-guards-deletes"])
}

struct IfMatchOnDeleteIgnored;

impl Fault for IfMatchOnDeleteIgnored {
    fn name(&self) -> &'static str {
        "if-match-on-delete-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan
            && matches!(plan.action, Action::Delete(..))
        {
            plan.if_match = None;
        }
    }
}
