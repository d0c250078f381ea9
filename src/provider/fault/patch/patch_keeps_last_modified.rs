//! PATCH does not touch `meta.lastModified`.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH leaves lastModified as it was",
        PatchKeepsLastModified,
    )
    .breaks(&["rfc7644-3.5.2-patch-refreshes-last-modified"])
}

struct PatchKeepsLastModified;

impl Fault for PatchKeepsLastModified {
    fn name(&self) -> &'static str {
        "patch-keeps-last-modified"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Patch(..)) {
            commit.rules.stamp = false;
        }
    }
}
