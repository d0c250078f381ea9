//! A deleted user is brought back by its userName.

use crate::provider::commit::Committed;
use crate::provider::fault::taken::Taken;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user who is created anew gets the id of the deleted one",
        RecreatedGetsItsOldId::default(),
    )
    .breaks(&["rfc7643-3.1-ids-are-stable"])
}

#[derive(Default)]
struct RecreatedGetsItsOldId {
    deleted: Taken,
}

impl Fault for RecreatedGetsItsOldId {
    fn name(&self) -> &'static str {
        "recreated-gets-its-old-id"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan
            && let Action::Create(_, body, id) = &mut plan.action
            && let Some(old) = self.deleted.by(body)
        {
            *id = Some(old);
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if let (Action::Delete(..), Some(before)) = (&plan.action, &committed.before) {
            self.deleted.add(before);
        }
    }
}
