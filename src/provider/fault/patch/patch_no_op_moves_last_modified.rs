//! Every PATCH moves `meta.lastModified`.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH that changes nothing moves lastModified",
        PatchNoOpMovesLastModified,
    )
    .breaks(&["rfc7644-3.5.2.1-no-op-add-keeps-last-modified"])
}

struct PatchNoOpMovesLastModified;

impl Fault for PatchNoOpMovesLastModified {
    fn name(&self) -> &'static str {
        "patch-no-op-moves-last-modified"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Patch(..)) {
            commit.rules.stamp = true;
            commit.rules.version = true;
        }
    }
}
