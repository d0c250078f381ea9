//! A refused PATCH is applied in part.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH that fails keeps the operations before the failing one",
        PatchNotAtomic,
    )
    .breaks(&["rfc7644-3.5.2-patch-is-atomic"])
}

struct PatchNotAtomic;

impl Fault for PatchNotAtomic {
    fn name(&self) -> &'static str {
        "patch-not-atomic"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        if applied.problem.is_some() && applied.after.is_none() {
            applied.after = applied.partial.take();
        }
    }
}
