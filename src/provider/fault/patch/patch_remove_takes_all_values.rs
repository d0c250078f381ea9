//! `remove` ignores its value filter.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH remove with a value filter removes all values",
        PatchRemoveTakesAllValues,
    )
    .breaks(&["rfc7644-3.5.2.2-remove-takes-matching-values"])
}

struct PatchRemoveTakesAllValues;

impl Fault for PatchRemoveTakesAllValues {
    fn name(&self) -> &'static str {
        "patch-remove-takes-all-values"
    }

    fn targeted(&self, operation: &Operation, values: &[Value], chosen: &mut Vec<usize>) {
        if operation.op == Op::Remove {
            *chosen = (0..values.len()).collect();
        }
    }
}
