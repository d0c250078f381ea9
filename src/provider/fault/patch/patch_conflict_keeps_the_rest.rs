//! A PATCH saves attribute by attribute.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::provider::commit::Commit;
use crate::provider::commit::Committed;
use crate::provider::fault::taken::Taken;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Change;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH that is refused for a userName that is taken has changed the rest",
        PatchConflictKeepsTheRest::default(),
    )
    .breaks(&["rfc7644-3.5.2-patch-is-atomic"])
}

#[derive(Default)]
struct PatchConflictKeepsTheRest {
    taken: Taken,
    /// Whether the change under way is refused; jobs that run at once may take one for another.
    refused: AtomicBool,
}

impl Fault for PatchConflictKeepsTheRest {
    fn name(&self) -> &'static str {
        "patch-conflict-keeps-the-rest"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if let (Action::Patch(..), Change::Update { before, after }) =
            (&plan.action, &mut commit.change)
            && self
                .taken
                .by(&after.attributes)
                .is_some_and(|id| id != *after.id)
            && let Some(name) = before.attributes.get("userName")
        {
            after
                .attributes
                .insert(String::from("userName"), name.clone());
            self.refused.store(true, Ordering::Relaxed);
        }
    }

    fn committed(&self, _plan: &Plan, committed: &mut Committed) {
        self.taken.follow(committed);
        if self.refused.swap(false, Ordering::Relaxed) {
            committed.problem = Some(Problem::uniqueness("this userName is taken"));
        }
    }
}
