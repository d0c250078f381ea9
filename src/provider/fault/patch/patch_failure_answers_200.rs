//! A failing PATCH is rolled back and reported as done.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH whose operation fails changes nothing and answers 200",
        PatchFailureAnswers200,
    )
    .breaks(&["rfc7644-3.5.2-failed-patch-answers-with-an-error"])
}

struct PatchFailureAnswers200;

impl Fault for PatchFailureAnswers200 {
    fn name(&self) -> &'static str {
        "patch-failure-answers-200"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Patch(..), Some(before), Some(_)) =
            (&plan.action, &applied.before, &applied.problem)
        {
            applied.after = Some(Resource::clone(before));
            applied.problem = None;
        }
    }
}
