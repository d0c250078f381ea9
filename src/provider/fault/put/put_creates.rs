//! PUT is an upsert.

use crate::provider::commit::Committed;
use crate::provider::fault::taken::Taken;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT on an id that does not exist creates the resource",
        PutCreates::default(),
    )
    .breaks(&[
        "rfc7644-3.2-put-never-creates",
        "rfc7644-3.5.1-put-unknown-id-answers-404",
    ])
}

#[derive(Default)]
struct PutCreates {
    taken: Taken,
}

impl Fault for PutCreates {
    fn name(&self) -> &'static str {
        "put-creates"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan
            && let Action::Replace(kind, id, body) = &plan.action
            && !self.taken.has(id)
        {
            plan.action = Action::Create(*kind, body.clone(), Some(id.clone()));
        }
    }

    fn committed(&self, _plan: &Plan, committed: &mut Committed) {
        self.taken.follow(committed);
    }
}
