//! `meta.lastModified` does not follow changes.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "lastModified stays when a resource changes",
        LastModifiedStuck,
    )
    .breaks(&["rfc7643-3.1-last-modified-follows-changes"])
}

struct LastModifiedStuck;

impl Fault for LastModifiedStuck {
    fn name(&self) -> &'static str {
        "last-modified-stuck"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        commit.rules.stamp = false;
    }
}
