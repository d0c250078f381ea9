//! PUT compares unique values byte by byte.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT may take the userName of another user in another letter case",
        PutUniqueByCase,
    )
    .breaks(&["rfc7644-3.5.1-put-keeps-values-unique"])
}

struct PutUniqueByCase;

impl Fault for PutUniqueByCase {
    fn name(&self) -> &'static str {
        "put-unique-by-case"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Replace(..)) {
            commit.rules.unique = Unique::Exact;
        }
    }
}
