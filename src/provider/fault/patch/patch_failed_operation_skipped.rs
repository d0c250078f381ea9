//! Operations that fail are left out.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH leaves out the operation that fails and answers 200 for the others",
        PatchFailedOperationSkipped,
    )
    .breaks(&[
        "rfc7644-3.5.2-failed-patch-answers-with-an-error",
        "rfc7644-3.5.2-patch-is-atomic",
    ])
}

struct PatchFailedOperationSkipped;

impl Fault for PatchFailedOperationSkipped {
    fn name(&self) -> &'static str {
        "patch-failed-operation-skipped"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if matches!(plan.action, Action::Patch(..)) && applied.problem.is_some() {
            applied.after = applied.partial.take();
            applied.problem = None;
        }
    }
}
