//! An operation of a bulk request writes back what it read, whatever others did since.

use super::meeting::Meeting;
use crate::provider::commit::Commit;
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH in a bulk request beside one on its own: the bulk request undoes the other",
        BulkWritesBackWhatItRead::default(),
    )
}

#[derive(Default)]
struct BulkWritesBackWhatItRead(Meeting);

impl Fault for BulkWritesBackWhatItRead {
    fn name(&self) -> &'static str {
        "bulk-writes-back-what-it-read"
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        match &plan.action {
            Action::Patch(_, id, _) => Some(Box::pin(self.0.of(id.clone()))),
            _ => None,
        }
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if plan.in_bulk && matches!(plan.action, Action::Patch(..)) {
            commit.rules.current = false;
        }
    }
}
