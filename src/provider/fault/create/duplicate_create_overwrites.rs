//! A create is an upsert.

use crate::provider::commit::Committed;
use crate::provider::fault::taken::Taken;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A create with a userName that is taken changes the user who has it",
        DuplicateCreateOverwrites::default(),
    )
    .breaks(&[
        "rfc7644-3.3-duplicate-create-answers-409",
        "rfc7643-4.1.1-user-name-is-unique",
    ])
}

#[derive(Default)]
struct DuplicateCreateOverwrites {
    taken: Taken,
}

impl Fault for DuplicateCreateOverwrites {
    fn name(&self) -> &'static str {
        "duplicate-create-overwrites"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan
            && let Action::Create(kind, body, _) = &plan.action
            && let Some(id) = self.taken.by(body)
        {
            plan.action = Action::Replace(*kind, id, body.clone());
        }
    }

    fn committed(&self, _plan: &Plan, committed: &mut Committed) {
        self.taken.follow(committed);
    }
}
