//! Every operator in a path is `eq`.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;
use crate::scim::filter::{CompareOp, ValueFilter};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "In a PATCH path every operator is taken for eq",
        PatchFilterIgnoresOperator,
    )
    .breaks(&["rfc7644-3.5.2.2-remove-takes-matching-values"])
}

struct PatchFilterIgnoresOperator;

impl Fault for PatchFilterIgnoresOperator {
    fn name(&self) -> &'static str {
        "patch-filter-ignores-operator"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        for operation in operations {
            if let Some(target) = &mut operation.target
                && let Some(ValueFilter::Compare(_, comparison)) = &mut target.filter
            {
                comparison.op = CompareOp::Eq;
            }
        }
    }
}
