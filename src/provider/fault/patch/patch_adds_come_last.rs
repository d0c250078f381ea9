//! Removals and replacements are carried out before additions.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH carries out add after the other operations",
        PatchAddsComeLast,
    )
    .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
}

struct PatchAddsComeLast;

impl Fault for PatchAddsComeLast {
    fn name(&self) -> &'static str {
        "patch-adds-come-last"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        operations.sort_by_key(|operation| operation.op == Op::Add);
    }
}
