//! Operations are kept by path.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of two PATCH adds with the same path the last alone is applied",
        PatchAddsToOnePathLastWins,
    )
    .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
    .only_by("probe.patch")
}

struct PatchAddsToOnePathLastWins;

impl Fault for PatchAddsToOnePathLastWins {
    fn name(&self) -> &'static str {
        "patch-adds-to-one-path-last-wins"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        let all = std::mem::take(operations);
        for (at, operation) in all.iter().enumerate() {
            let again = |later: &Operation| {
                later.op == Op::Add && later.target.is_some() && later.target == operation.target
            };
            let later = all.iter().skip(at + 1).any(again);
            if !(operation.op == Op::Add && later) {
                operations.push(operation.clone());
            }
        }
    }
}
