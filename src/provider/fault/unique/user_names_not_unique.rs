//! Uniqueness is not enforced.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new("Two users may have the same userName", UserNamesNotUnique).breaks(&[
        "rfc7643-4.1.1-user-name-is-unique",
        "rfc7643-7-server-unique-values-are-unique",
        "rfc7644-3.3-duplicate-create-answers-409",
    ])
}

struct UserNamesNotUnique;

impl Fault for UserNamesNotUnique {
    fn name(&self) -> &'static str {
        "user-names-not-unique"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        commit.rules.unique = Unique::Ignored;
    }
}
