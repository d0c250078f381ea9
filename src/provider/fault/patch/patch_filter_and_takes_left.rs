//! A value filter in a path ends at `and`.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;
use crate::scim::filter::ValueFilter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "In a PATCH path only the condition before and counts",
        PatchFilterAndTakesLeft,
    )
    .breaks(&["rfc7644-3.5.2.2-remove-takes-matching-values"])
}

struct PatchFilterAndTakesLeft;

impl Fault for PatchFilterAndTakesLeft {
    fn name(&self) -> &'static str {
        "patch-filter-and-takes-left"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        for operation in operations {
            if let Some(target) = &mut operation.target {
                target.filter = match target.filter.take() {
                    Some(ValueFilter::And(inner, _)) => Some(*inner),
                    other => other,
                };
            }
        }
    }
}
