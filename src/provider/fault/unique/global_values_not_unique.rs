//! What an extension calls unique is not kept so.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The uniqueness of attributes of an extension is declared and not enforced",
        GlobalValuesNotUnique,
    )
    .breaks(&["rfc7643-7-globally-unique-values-are-unique"])
}

struct GlobalValuesNotUnique;

impl Fault for GlobalValuesNotUnique {
    fn name(&self) -> &'static str {
        "global-values-not-unique"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        commit.rules.unique_in_extensions = false;
    }
}
