//! What is false is taken for absent.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH of a sub-attribute of chosen values with false is passed over",
        PatchFalsePartsIgnored,
    )
    .breaks(&[
        "rfc7644-3.5.2.3-replace-takes-a-sub-attribute-of-matches",
        "rfc7644-3.5.2-failed-patch-answers-with-an-error",
        "rfc7644-3.5.2-new-primary-demotes-the-old",
    ])
    .only_by("probe.patch")
}

struct PatchFalsePartsIgnored;

impl Fault for PatchFalsePartsIgnored {
    fn name(&self) -> &'static str {
        "patch-false-parts-ignored"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        operations.retain(|operation| {
            let part = operation
                .target
                .as_ref()
                .is_some_and(|target| target.sub.is_some());
            !(part && operation.value == Some(Value::Bool(false)))
        });
    }
}
