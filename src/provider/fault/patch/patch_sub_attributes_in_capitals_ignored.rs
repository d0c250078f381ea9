//! A part of a value is looked up as it was sent.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A sub-attribute in capital letters behind brackets is passed over",
        PatchSubAttributesInCapitalsIgnored,
    )
    .breaks(&["rfc7644-3.5.2-patch-names-ignore-case"])
}

struct PatchSubAttributesInCapitalsIgnored;

impl Fault for PatchSubAttributesInCapitalsIgnored {
    fn name(&self) -> &'static str {
        "patch-sub-attributes-in-capitals-ignored"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        operations.retain(|operation| {
            let target = operation.target.as_ref();
            target
                .and_then(|target| target.sub.as_ref())
                .is_none_or(|sub| *sub != sub.to_ascii_uppercase())
        });
    }
}
