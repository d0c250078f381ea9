//! Uniqueness is checked at create only.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH may take the userName of another user",
        PatchIgnoresUniqueness,
    )
    .breaks(&["rfc7644-3.5.2-patch-keeps-values-unique"])
}

struct PatchIgnoresUniqueness;

impl Fault for PatchIgnoresUniqueness {
    fn name(&self) -> &'static str {
        "patch-ignores-uniqueness"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Patch(..)) {
            commit.rules.unique = Unique::Ignored;
        }
    }
}
