//! `add` ignores its value filter.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add with a value filter changes all values",
        PatchAddTakesAllValues,
    )
    .breaks(&["rfc7644-3.5.2.1-add-targets-matching-values"])
}

struct PatchAddTakesAllValues;

impl Fault for PatchAddTakesAllValues {
    fn name(&self) -> &'static str {
        "patch-add-takes-all-values"
    }

    fn targeted(&self, operation: &Operation, values: &[Value], chosen: &mut Vec<usize>) {
        if operation.op == Op::Add {
            *chosen = (0..values.len()).collect();
        }
    }
}
