//! PATCH compares unique values byte by byte.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH may take the userName of another user in another letter case",
        PatchUniqueByCase,
    )
    .breaks(&["rfc7644-3.5.2-patch-keeps-values-unique"])
}

struct PatchUniqueByCase;

impl Fault for PatchUniqueByCase {
    fn name(&self) -> &'static str {
        "patch-unique-by-case"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Patch(..)) {
            commit.rules.unique = Unique::Exact;
        }
    }
}
