//! Whether a userName is free is looked up before the user is stored, and not again then.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::meeting::Meeting;
use super::wanted::wanted;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two users with one userName created at once: both are stored",
        NamesCheckedBeforeAWait::default(),
    )
}

#[derive(Default)]
struct NamesCheckedBeforeAWait {
    meeting: Meeting,
    /// Names for which the look-up is over and the user is not stored yet.
    free: Mutex<HashSet<String>>,
}

impl Fault for NamesCheckedBeforeAWait {
    fn name(&self) -> &'static str {
        "names-checked-before-a-wait"
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        let name = wanted(plan)?;
        Some(Box::pin(self.meeting.of(name)))
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        let Some(name) = wanted(plan) else { return };
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if !free.insert(name) {
            commit.rules.unique = Unique::Ignored;
        }
    }

    fn committed(&self, plan: &Plan, _committed: &mut Committed) {
        if let Some(name) = wanted(plan) {
            let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            free.remove(&name);
        }
    }
}
