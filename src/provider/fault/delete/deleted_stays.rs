//! DELETE answers 204 and removes nothing.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Change;

pub(super) fn declare() -> Declaration {
    Declaration::new("A deleted resource is still there", DeletedStays)
        .breaks(&["rfc7644-3.6-deleted-answers-404"])
}

struct DeletedStays;

impl Fault for DeletedStays {
    fn name(&self) -> &'static str {
        "deleted-stays"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        if let Change::Delete(before) = &commit.change {
            let before = before.clone();
            let after = before.as_ref().clone();
            commit.change = Change::Update { before, after };
            commit.rules.stamp = false;
            commit.rules.version = false;
        }
    }
}
