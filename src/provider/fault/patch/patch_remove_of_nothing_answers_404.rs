//! `remove` has to find something.

use super::outcome::refuse_idle;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::Plan;
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
        let removes = |operations: &[Operation]| operations.iter().any(|it| it.op == Op::Remove);
        refuse_idle(plan, applied, removes, || {
            Problem::not_found("there is nothing to remove")
        });
    }
}
