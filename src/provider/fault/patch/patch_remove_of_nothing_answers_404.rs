//! `remove` has to find something.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH remove with a value filter that matches nothing is refused with 404",
        PatchRemoveOfNothingAnswers404,
    )
    .breaks(&["rfc7644-3.5.2.2-removing-an-absent-member-succeeds"])
}

struct PatchRemoveOfNothingAnswers404;

impl Fault for PatchRemoveOfNothingAnswers404 {
    fn name(&self) -> &'static str {
        "patch-remove-of-nothing-answers-404"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &applied.after)
            && before.attributes == after.attributes
            && operations
                .iter()
                .any(|Operation { op, .. }| *op == Op::Remove)
        {
            applied.after = None;
            applied.problem = Some(Problem::not_found("there is nothing to remove"));
        }
    }
}
