//! `add` of what is there is a conflict.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add of a value that is there already is refused with 409",
        PatchAddRefusesThePresent,
    )
    .breaks(&["rfc7644-3.5.2.1-add-does-not-duplicate"])
}

struct PatchAddRefusesThePresent;

impl Fault for PatchAddRefusesThePresent {
    fn name(&self) -> &'static str {
        "patch-add-refuses-the-present"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &applied.after)
            && before.attributes == after.attributes
            && operations
                .iter()
                .all(|Operation { op, target, .. }| *op == Op::Add && target.is_some())
        {
            applied.after = None;
            applied.problem = Some(Problem::uniqueness("this value is there already"));
        }
    }
}
