//! What is not changed is written back as it was first dated.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Change;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH that changes nothing puts lastModified back to the time of creation",
        PatchWithoutEffectDatesBack,
    )
    .breaks(&["rfc7644-3.5.2-patch-refreshes-last-modified"])
    .only_by("probe.patch")
}

struct PatchWithoutEffectDatesBack;

impl Fault for PatchWithoutEffectDatesBack {
    fn name(&self) -> &'static str {
        "patch-without-effect-dates-back"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if let Change::Update { before, after } = &mut commit.change
            && matches!(plan.action, Action::Patch(..))
            && before.attributes == after.attributes
        {
            after.last_modified = after.created;
        }
    }
}
