//! Deleting a group deletes its members.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The members of a deleted group can no longer be read",
        DeletedGroupsLeaveNoMembers::default(),
    )
    .breaks(&["rfc7644-3.4.1-get-answers-200"])
}

#[derive(Default)]
struct DeletedGroupsLeaveNoMembers {
    gone: Mutex<HashSet<String>>,
}

impl Fault for DeletedGroupsLeaveNoMembers {
    fn name(&self) -> &'static str {
        "deleted-groups-leave-no-members"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if let (Action::Delete(..), Some(before)) = (&plan.action, &committed.before) {
            self.gone
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(before.members().map(str::to_owned));
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if matches!(plan.action, Action::Read(..)) {
            let gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
            selection
                .resources
                .retain(|resource| !gone.contains(&*resource.id));
        }
    }
}
