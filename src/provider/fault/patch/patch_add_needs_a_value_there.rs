//! `add` works on what exists only.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add to an attribute without a value does nothing",
        PatchAddNeedsAValueThere,
    )
    .breaks(&["rfc7644-3.5.2.1-add-sets-a-missing-attribute"])
}

struct PatchAddNeedsAValueThere;

impl Fault for PatchAddNeedsAValueThere {
    fn name(&self) -> &'static str {
        "patch-add-needs-a-value-there"
    }

    fn operations(&self, before: &Resource, operations: &mut Vec<Operation>) {
        operations.retain(|operation| {
            let target = operation.target.as_ref();
            operation.op != Op::Add
                || target.is_none_or(|target| {
                    target.attribute.urn.is_some()
                        || before.attributes.contains_key(&target.attribute.name)
                })
        });
    }
}
