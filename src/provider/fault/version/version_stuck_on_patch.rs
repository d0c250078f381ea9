//! `meta.version` does not follow a PATCH.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH leaves the version and ETag as they were",
        VersionStuckOnPatch,
    )
    .breaks(&["rfc7644-3.14-version-follows-changes"])
}

struct VersionStuckOnPatch;

impl Fault for VersionStuckOnPatch {
    fn name(&self) -> &'static str {
        "version-stuck-on-patch"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Patch(..)) {
            commit.rules.version = false;
        }
    }
}
