//! `replace` ignores its value filter.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace with a value filter changes all values",
        PatchReplacesAllValues,
    )
    .breaks(&[
        "rfc7644-3.5.2.3-replace-takes-a-sub-attribute-of-matches",
        "rfc7644-3.5.2.3-replace-takes-matching-values",
    ])
}

struct PatchReplacesAllValues;

impl Fault for PatchReplacesAllValues {
    fn name(&self) -> &'static str {
        "patch-replaces-all-values"
    }

    fn targeted(&self, operation: &Operation, values: &[Value], chosen: &mut Vec<usize>) {
        if operation.op == Op::Replace {
            *chosen = (0..values.len()).collect();
        }
    }
}
