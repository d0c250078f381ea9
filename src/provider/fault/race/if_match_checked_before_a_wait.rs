//! `If-Match` is compared when the resource is read, and not again when it is written.

use super::meeting::Meeting;
use crate::provider::commit::Commit;
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two changes with the same If-Match at once: both go through",
        IfMatchCheckedBeforeAWait::default(),
    )
}

#[derive(Default)]
struct IfMatchCheckedBeforeAWait(Meeting);

impl Fault for IfMatchCheckedBeforeAWait {
    fn name(&self) -> &'static str {
        "if-match-checked-before-a-wait"
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        match &plan.action {
            Action::Patch(_, id, _) if plan.if_match.is_some() => {
                Some(Box::pin(self.0.of(id.clone())))
            }
            _ => None,
        }
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if plan.if_match.is_some() {
            commit.rules.current = false;
        }
    }
}
