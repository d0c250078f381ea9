//! The first value is what counts.

use super::resort::resort;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A multi-valued attribute sorts by its first value, primary or not",
        SortUsesTheFirstValue,
    )
    .breaks(&["rfc7644-3.4.2.3-sort-uses-the-primary-value"])
}

struct SortUsesTheFirstValue;

impl Fault for SortUsesTheFirstValue {
    fn name(&self) -> &'static str {
        "sort-uses-the-first-value"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        resort(plan, selection, |values| {
            values.first().map(str::to_lowercase)
        });
    }
}
