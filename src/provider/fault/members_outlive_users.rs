//! Group members are not removed with the user.

use super::{Declaration, Fault};
use crate::provider::commit::Commit;
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A deleted user stays a member of its groups",
        MembersOutliveUsers,
    )
    .breaks(&["rfc7644-3.6-deleted-members-may-leave-groups"])
}

struct MembersOutliveUsers;

impl Fault for MembersOutliveUsers {
    fn name(&self) -> &'static str {
        "members-outlive-users"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        commit.rules.cascade = false;
    }
}
