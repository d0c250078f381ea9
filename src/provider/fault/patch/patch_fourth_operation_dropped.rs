//! A batch of three.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of more than three PATCH operations the first three are applied",
        PatchFourthOperationDropped,
    )
    .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
}

struct PatchFourthOperationDropped;

impl Fault for PatchFourthOperationDropped {
    fn name(&self) -> &'static str {
        "patch-fourth-operation-dropped"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        operations.truncate(3);
    }
}
