//! The answer to a PATCH is made before the change.

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The answer to a PATCH shows the resource as it was",
        PatchAnswersWithTheOldState,
    )
    .breaks(&["rfc7644-3.5.2-patch-answers-200-or-204"])
}

struct PatchAnswersWithTheOldState;

impl Fault for PatchAnswersWithTheOldState {
    fn name(&self) -> &'static str {
        "patch-answers-with-the-old-state"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if matches!(plan.action, Action::Patch(..)) && committed.before.is_some() {
            committed.after = committed.before.clone();
        }
    }
}
