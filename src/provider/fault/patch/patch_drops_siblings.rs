//! `replace` of a complex attribute replaces it whole.

use crate::provider::fault::{Declaration, Fault};
use serde_json::Value;

use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace of a complex attribute drops the sub-attributes that it does not name",
        PatchDropsSiblings,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-keeps-unnamed-sub-attributes"])
}

struct PatchDropsSiblings;

impl Fault for PatchDropsSiblings {
    fn name(&self) -> &'static str {
        "patch-drops-siblings"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        let mut widened = Vec::with_capacity(operations.len());
        for operation in operations.drain(..) {
            if operation.op == Op::Replace
                && operation.target.is_some()
                && operation.value.as_ref().is_some_and(Value::is_object)
            {
                widened.push(Operation {
                    op: Op::Remove,
                    value: None,
                    ..operation.clone()
                });
            }
            widened.push(operation);
        }
        *operations = widened;
    }
}
