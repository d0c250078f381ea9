//! `add` of values acts like `replace`.

use crate::provider::fault::{Declaration, Fault};
use serde_json::Value;

use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add on a multi-valued attribute removes the values that were there",
        PatchAddReplacesValues,
    )
    .breaks(&["rfc7644-3.5.2.1-add-appends-values"])
}

struct PatchAddReplacesValues;

impl Fault for PatchAddReplacesValues {
    fn name(&self) -> &'static str {
        "patch-add-replaces-values"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        for operation in operations {
            if operation.op == Op::Add && operation.value.as_ref().is_some_and(Value::is_array) {
                operation.op = Op::Replace;
            }
        }
    }
}
