//! A group goes with each of its members.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::provider::commit::Commit;
use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A group can no longer be read after one of its members was deleted",
        GroupsGoWithTheirMembers::default(),
    )
    .breaks(&["rfc7644-3.6-deleted-members-may-leave-groups"])
}

#[derive(Default)]
struct GroupsGoWithTheirMembers {
    deleted: Mutex<HashSet<String>>,
}

impl Fault for GroupsGoWithTheirMembers {
    fn name(&self) -> &'static str {
        "groups-go-with-their-members"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        commit.rules.cascade = false;
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if let (Action::Delete(..), Some(before)) = (&plan.action, &committed.before) {
            self.deleted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(before.id.to_string());
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if matches!(plan.action, Action::Read(..)) {
            let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
            selection
                .resources
                .retain(|group| !group.members().any(|member| deleted.contains(member)));
        }
    }
}
