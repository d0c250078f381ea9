//! Capital letters sort before small ones.

use super::resort::resort;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Strings that are not case-exact sort with regard to case",
        SortByCodePoint,
    )
    .breaks(&["rfc7644-3.4.2.3-sort-honours-case-exact"])
}

struct SortByCodePoint;

impl Fault for SortByCodePoint {
    fn name(&self) -> &'static str {
        "sort-by-code-point"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        resort(plan, selection, |values| values.best().map(str::to_owned));
    }
}
