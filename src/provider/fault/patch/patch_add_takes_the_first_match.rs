//! `add` stops at the first match.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add with a value filter changes the first match only",
        PatchAddTakesTheFirstMatch,
    )
    .breaks(&["rfc7644-3.5.2.1-add-targets-matching-values"])
}

struct PatchAddTakesTheFirstMatch;

impl Fault for PatchAddTakesTheFirstMatch {
    fn name(&self) -> &'static str {
        "patch-add-takes-the-first-match"
    }

    fn targeted(&self, operation: &Operation, _values: &[Value], chosen: &mut Vec<usize>) {
        if operation.op == Op::Add {
            chosen.truncate(1);
        }
    }
}
