//! Uniqueness is not enforced.

use super::{Declaration, Fault};
use crate::provider::commit::Commit;
use crate::provider::plan::Plan;
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new("Two users may have the same userName", UserNamesNotUnique)
        .breaks(&[
            "rfc7643-4.1.1-user-name-is-unique",
            "rfc7644-3.3-duplicate-create-answers-409",
        ])
        .also(&[
            "rfc7643-4.1.1-user-name-ignores-case",
            "rfc7643-7-server-unique-values-are-unique",
            "rfc7644-3.3-duplicate-create-says-uniqueness",
            "rfc7644-3.3-refused-create-leaves-nothing",
            "rfc7644-3.5.1-put-keeps-values-unique",
            "rfc7644-3.5.1-refused-put-changes-nothing",
            "rfc7644-3.5.2-patch-is-atomic",
            "rfc7644-3.5.2-patch-keeps-values-unique",
            "rfc7644-5-user-names-are-prepared",
            "rfc7644-7.8-unicode-is-prepared-before-comparison",
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
