//! `replace` of nothing adds.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace with a value filter that matches nothing adds a value",
        PatchReplaceWithoutMatchAdds,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-without-match-answers-400"])
}

struct PatchReplaceWithoutMatchAdds;

impl Fault for PatchReplaceWithoutMatchAdds {
    fn name(&self) -> &'static str {
        "patch-replace-without-match-adds"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        for operation in operations {
            if operation.op == Op::Replace
                && operation
                    .target
                    .as_ref()
                    .is_some_and(|target| target.filter.is_some())
            {
                operation.op = Op::Add;
            }
        }
    }
}
