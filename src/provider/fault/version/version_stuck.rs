//! `meta.version` does not follow changes.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The version and ETag stay when a resource changes",
        VersionStuck,
    )
    .breaks(&["rfc7644-3.14-version-follows-changes"])
}

struct VersionStuck;

impl Fault for VersionStuck {
    fn name(&self) -> &'static str {
        "version-stuck"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        commit.rules.version = false;
    }
}
