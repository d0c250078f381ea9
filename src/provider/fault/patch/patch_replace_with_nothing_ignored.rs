//! Empty values are skipped.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace with an empty array changes nothing",
        PatchReplaceWithNothingIgnored,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-sets-all-values"])
}

struct PatchReplaceWithNothingIgnored;

impl Fault for PatchReplaceWithNothingIgnored {
    fn name(&self) -> &'static str {
        "patch-replace-with-nothing-ignored"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        operations.retain(|operation| {
            let empty = operation.value.as_ref().and_then(Value::as_array);
            operation.op != Op::Replace || !empty.is_some_and(Vec::is_empty)
        });
    }
}
