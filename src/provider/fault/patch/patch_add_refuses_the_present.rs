//! `add` of what is there is a conflict.

use super::outcome::refuse_idle;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::Plan;
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
        let adds = |operations: &[Operation]| {
            let mut all = operations.iter();
            all.all(|it| it.op == Op::Add && it.target.is_some())
        };
        refuse_idle(plan, applied, adds, || {
            Problem::uniqueness("this value is there already")
        });
    }
}
