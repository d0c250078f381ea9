//! Only the first path is looked up without regard to case.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A path in capital letters is passed over in every PATCH operation but the first",
        PatchLaterNamesByCase,
    )
    .breaks(&["rfc7644-3.5.2-patch-names-ignore-case"])
    .only_by("probe.patch")
}

struct PatchLaterNamesByCase;

impl Fault for PatchLaterNamesByCase {
    fn name(&self) -> &'static str {
        "patch-later-names-by-case"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        let loud = |operation: &Operation| {
            operation.target.as_ref().is_some_and(|target| {
                let name = &target.attribute.name;
                *name == name.to_ascii_uppercase()
            })
        };
        let mut at = 0;
        operations.retain(|operation| {
            at += 1;
            at == 1 || !loud(operation)
        });
    }
}
