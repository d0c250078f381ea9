//! A PATCH writes back what it read before a DELETE, which was acknowledged.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::meeting::Meeting;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::{Change, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A DELETE and a PATCH at once: both are acknowledged, and the resource is there afterwards",
        PatchInFlightRevivesTheDeleted::default(),
    )
}

#[derive(Default)]
struct PatchInFlightRevivesTheDeleted {
    meeting: Meeting,
    /// Resources that a PATCH has read and not written yet.
    patched: Mutex<HashSet<String>>,
}

impl PatchInFlightRevivesTheDeleted {
    fn patched(&self) -> MutexGuard<'_, HashSet<String>> {
        self.patched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault for PatchInFlightRevivesTheDeleted {
    fn name(&self) -> &'static str {
        "patch-in-flight-revives-the-deleted"
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        match &plan.action {
            Action::Patch(_, id, _) | Action::Delete(_, id) => {
                Some(Box::pin(self.meeting.of(id.clone())))
            }
            _ => None,
        }
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        match (&plan.action, &commit.change) {
            (Action::Patch(_, id, _), _) => {
                self.patched().insert(id.clone());
            }
            // What the PATCH writes back makes the removal undone: it need not be done at all.
            (Action::Delete(_, id), Change::Delete(before)) if self.patched().contains(id) => {
                let after = Resource::clone(before);
                let before = std::sync::Arc::clone(before);
                commit.change = Change::Update { before, after };
                commit.rules.version = false;
                commit.rules.stamp = false;
            }
            _ => {}
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        match &plan.action {
            Action::Patch(_, id, _) => {
                self.patched().remove(id);
            }
            Action::Delete(..) if committed.problem.is_none() => committed.after = None,
            _ => {}
        }
    }
}
