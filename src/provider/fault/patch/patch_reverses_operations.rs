//! Operations come off a stack.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The operations of a PATCH are applied from the last to the first",
        PatchReversesOperations,
    )
    .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
}

struct PatchReversesOperations;

impl Fault for PatchReversesOperations {
    fn name(&self) -> &'static str {
        "patch-reverses-operations"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        operations.reverse();
    }
}
