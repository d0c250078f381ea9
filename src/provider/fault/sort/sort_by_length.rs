//! Texts sort by their length first.

use super::resort::resort;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new("Short texts sort before long ones", SortByLength)
        .breaks(&["rfc7644-3.4.2.3-sort-by-orders-results"])
}

struct SortByLength;

impl Fault for SortByLength {
    fn name(&self) -> &'static str {
        "sort-by-length"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        resort(plan, selection, |values| {
            let text = values.best()?.to_lowercase();
            Some(format!("{:04}{text}", text.len()))
        });
    }
}
