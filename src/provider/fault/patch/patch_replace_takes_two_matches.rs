//! A batch of two.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace of a sub-attribute of chosen values changes the first two matches only",
        PatchReplaceTakesTwoMatches,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-takes-a-sub-attribute-of-matches"])
    .only_by("probe.patch")
}

struct PatchReplaceTakesTwoMatches;

impl Fault for PatchReplaceTakesTwoMatches {
    fn name(&self) -> &'static str {
        "patch-replace-takes-two-matches"
    }

    fn targeted(&self, operation: &Operation, _values: &[Value], chosen: &mut Vec<usize>) {
        let part = operation
            .target
            .as_ref()
            .is_some_and(|target| target.sub.is_some());
        if operation.op == Op::Replace && part {
            chosen.truncate(2);
        }
    }
}
