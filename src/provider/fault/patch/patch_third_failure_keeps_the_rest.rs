//! A transaction of two operations.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH whose third operation fails keeps the first two",
        PatchThirdFailureKeepsTheRest,
    )
    .breaks(&["rfc7644-3.5.2-patch-is-atomic"])
}

struct PatchThirdFailureKeepsTheRest;

impl Fault for PatchThirdFailureKeepsTheRest {
    fn name(&self) -> &'static str {
        "patch-third-failure-keeps-the-rest"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let Action::Patch(_, _, operations) = &plan.action
            && operations.len() > 2
            && applied.problem.is_some()
        {
            applied.after = applied.partial.take();
        }
    }
}
