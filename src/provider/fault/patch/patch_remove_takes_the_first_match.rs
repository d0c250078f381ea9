//! `remove` stops at the first match.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH remove with a value filter removes the first match only",
        PatchRemoveTakesTheFirstMatch,
    )
    .breaks(&["rfc7644-3.5.2.2-remove-takes-matching-values"])
}

struct PatchRemoveTakesTheFirstMatch;

impl Fault for PatchRemoveTakesTheFirstMatch {
    fn name(&self) -> &'static str {
        "patch-remove-takes-the-first-match"
    }

    fn targeted(&self, operation: &Operation, _values: &[Value], chosen: &mut Vec<usize>) {
        if operation.op == Op::Remove {
            chosen.truncate(1);
        }
    }
}
