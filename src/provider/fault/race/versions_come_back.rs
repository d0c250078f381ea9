//! The version goes back and forth between two numbers: an old tag fits again after two changes.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Change;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "After two changes a resource has the ETag again that it had before them",
        VersionsComeBack,
    )
}

struct VersionsComeBack;

impl Fault for VersionsComeBack {
    fn name(&self) -> &'static str {
        "versions-come-back"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        if let Change::Update { before, after } = &mut commit.change
            && commit.rules.version
        {
            after.version = if before.version == 1 { 2 } else { 1 };
            commit.rules.version = false;
        }
    }
}
