//! Only one operation is read.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of several PATCH operations the first is applied alone",
        PatchFirstOperationOnly,
    )
    .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
}

struct PatchFirstOperationOnly;

impl Fault for PatchFirstOperationOnly {
    fn name(&self) -> &'static str {
        "patch-first-operation-only"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        operations.truncate(1);
    }
}
