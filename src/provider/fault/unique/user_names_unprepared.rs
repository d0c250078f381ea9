//! Two spellings of one userName are two userNames.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "userNames are compared without Unicode normalisation",
        UserNamesUnprepared,
    )
    .breaks(&["rfc7644-5-user-names-are-prepared"])
}

struct UserNamesUnprepared;

impl Fault for UserNamesUnprepared {
    fn name(&self) -> &'static str {
        "user-names-unprepared"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        commit.rules.unique = Unique::Lowered;
    }
}
