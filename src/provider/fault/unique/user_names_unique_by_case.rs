//! Uniqueness is enforced byte by byte.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "userNames that differ in case only may coexist",
        UserNamesUniqueByCase,
    )
    .breaks(&["rfc7643-4.1.1-user-name-ignores-case"])
}

struct UserNamesUniqueByCase;

impl Fault for UserNamesUniqueByCase {
    fn name(&self) -> &'static str {
        "user-names-unique-by-case"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        commit.rules.unique = Unique::Exact;
    }
}
