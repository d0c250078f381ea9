//! The answer to a PUT is made before the change.

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The answer to a PUT shows the resource as it was",
        PutAnswersWithTheOldState,
    )
    .breaks(&["rfc7644-3.5.1-put-answers-200"])
}

struct PutAnswersWithTheOldState;

impl Fault for PutAnswersWithTheOldState {
    fn name(&self) -> &'static str {
        "put-answers-with-the-old-state"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if matches!(plan.action, Action::Replace(..)) && committed.before.is_some() {
            committed.after = committed.before.clone();
        }
    }
}
