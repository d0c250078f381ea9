//! `not` in a path is skipped.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;
use crate::scim::filter::ValueFilter;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "In a PATCH path not (…) selects what the expression inside selects",
        PatchFilterNotIgnored,
    )
    .breaks(&["rfc7644-3.5.2.2-remove-takes-matching-values"])
}

struct PatchFilterNotIgnored;

impl Fault for PatchFilterNotIgnored {
    fn name(&self) -> &'static str {
        "patch-filter-not-ignored"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        for operation in operations {
            if let Some(target) = &mut operation.target {
                target.filter = match target.filter.take() {
                    Some(ValueFilter::Not(inner)) => Some(*inner),
                    other => other,
                };
            }
        }
    }
}
