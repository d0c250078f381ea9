//! A PATCH has to change something.

use super::outcome::refuse_idle;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace with the value that is there already is refused",
        PatchEqualValueRefused,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-with-an-equal-value-succeeds"])
}

struct PatchEqualValueRefused;

impl Fault for PatchEqualValueRefused {
    fn name(&self) -> &'static str {
        "patch-equal-value-refused"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let replaces = |operations: &[Operation]| operations.iter().all(|it| it.op == Op::Replace);
        refuse_idle(plan, applied, replaces, || {
            Problem::value("nothing changes")
        });
    }
}
