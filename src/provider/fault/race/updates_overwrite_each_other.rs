//! Read, change, write back, without a lock: of two changes at once one is lost.

use super::meeting::Meeting;
use crate::provider::commit::Commit;
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two changes of a resource at once: the later one writes back what it read before the other",
        UpdatesOverwriteEachOther::default(),
    )
}

#[derive(Default)]
struct UpdatesOverwriteEachOther(Meeting);

impl Fault for UpdatesOverwriteEachOther {
    fn name(&self) -> &'static str {
        "updates-overwrite-each-other"
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        match &plan.action {
            Action::Patch(_, id, _) => Some(Box::pin(self.0.of(id.clone()))),
            _ => None,
        }
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Patch(..)) && plan.if_match.is_none() {
            commit.rules.current = false;
        }
    }
}
