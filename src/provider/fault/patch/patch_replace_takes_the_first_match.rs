//! `replace` stops at the first match.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace with a value filter changes the first match only",
        PatchReplaceTakesTheFirstMatch,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-takes-a-sub-attribute-of-matches"])
}

struct PatchReplaceTakesTheFirstMatch;

impl Fault for PatchReplaceTakesTheFirstMatch {
    fn name(&self) -> &'static str {
        "patch-replace-takes-the-first-match"
    }

    fn targeted(&self, operation: &Operation, _values: &[Value], chosen: &mut Vec<usize>) {
        if operation.op == Op::Replace {
            chosen.truncate(1);
        }
    }
}
