//! The smallest value is what counts.

use super::resort::resort;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A multi-valued attribute sorts by the smallest of its values",
        SortUsesTheSmallestValue,
    )
    .breaks(&["rfc7644-3.4.2.3-sort-uses-the-primary-value"])
}

struct SortUsesTheSmallestValue;

impl Fault for SortUsesTheSmallestValue {
    fn name(&self) -> &'static str {
        "sort-uses-the-smallest-value"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        resort(plan, selection, |values| {
            values.all().map(str::to_lowercase).min()
        });
    }
}
