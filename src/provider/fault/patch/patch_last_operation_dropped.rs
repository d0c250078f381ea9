//! The last of several PATCH operations is dropped.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The last of several PATCH operations is not applied",
        PatchLastOperationDropped,
    )
    .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
}

struct PatchLastOperationDropped;

impl Fault for PatchLastOperationDropped {
    fn name(&self) -> &'static str {
        "patch-last-operation-dropped"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        if operations.len() > 1 {
            operations.pop();
        }
    }
}
