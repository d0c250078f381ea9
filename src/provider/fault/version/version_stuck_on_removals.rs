//! `meta.version` does not follow a PATCH that removes.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Op;
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH that only removes leaves the version and ETag as they were",
        VersionStuckOnRemovals,
    )
    .breaks(&["rfc7644-3.14-version-follows-changes"])
    .only_by("probe.patch")
}

struct VersionStuckOnRemovals;

impl Fault for VersionStuckOnRemovals {
    fn name(&self) -> &'static str {
        "version-stuck-on-removals"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if let Action::Patch(_, _, operations) = &plan.action
            && operations.iter().all(|it| it.op == Op::Remove)
        {
            commit.rules.version = false;
        }
    }
}
