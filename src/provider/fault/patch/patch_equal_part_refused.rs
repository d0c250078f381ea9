//! A PATCH of parts has to change something.

use super::outcome::refuse_idle;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace of a sub-attribute with the value that is there already is refused",
        PatchEqualPartRefused,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-with-an-equal-value-succeeds"])
    .only_by("probe.patch")
}

struct PatchEqualPartRefused;

impl Fault for PatchEqualPartRefused {
    fn name(&self) -> &'static str {
        "patch-equal-part-refused"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let is_part = |it: &Operation| {
            let target = it.target.as_ref();
            it.op == Op::Replace
                && target.is_some_and(|it| it.sub.is_some() || it.attribute.sub.is_some())
        };
        let parts = |operations: &[Operation]| operations.iter().all(is_part);
        refuse_idle(plan, applied, parts, || Problem::value("nothing changes"));
    }
}
