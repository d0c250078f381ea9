//! `add` fills gaps only.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add on a single-valued attribute that has a value leaves it",
        PatchAddKeepsTheOldValue,
    )
    .breaks(&["rfc7644-3.5.2.1-add-replaces-a-single-value"])
}

struct PatchAddKeepsTheOldValue;

impl Fault for PatchAddKeepsTheOldValue {
    fn name(&self) -> &'static str {
        "patch-add-keeps-the-old-value"
    }

    fn operations(&self, before: &Resource, operations: &mut Vec<Operation>) {
        operations.retain(|operation| {
            let simple = operation.target.as_ref().is_some_and(|target| {
                target.attribute.sub.is_none()
                    && before
                        .attributes
                        .get(&target.attribute.name)
                        .is_some_and(Value::is_string)
            });
            operation.op != Op::Add || !simple
        });
    }
}
