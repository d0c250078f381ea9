//! PUT does not touch `meta.lastModified`.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new("A PUT leaves lastModified as it was", PutKeepsLastModified)
        .breaks(&["rfc7644-3.5.1-put-refreshes-last-modified"])
}

struct PutKeepsLastModified;

impl Fault for PutKeepsLastModified {
    fn name(&self) -> &'static str {
        "put-keeps-last-modified"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Replace(..)) {
            commit.rules.stamp = false;
        }
    }
}
