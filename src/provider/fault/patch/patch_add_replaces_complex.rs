//! `add` of a complex attribute replaces it whole.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add on a complex attribute drops the sub-attributes that it does not name",
        PatchAddReplacesComplex,
    )
    .breaks(&["rfc7644-3.5.2.1-add-merges-sub-attributes"])
}

struct PatchAddReplacesComplex;

impl Fault for PatchAddReplacesComplex {
    fn name(&self) -> &'static str {
        "patch-add-replaces-complex"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        let mut widened = Vec::with_capacity(operations.len());
        for operation in operations.drain(..) {
            if operation.op == Op::Add
                && operation
                    .target
                    .as_ref()
                    .is_some_and(|target| target.filter.is_none() && target.attribute.urn.is_none())
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
