//! `totalResults` shrinks from page to page.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "totalResults counts from startIndex on",
        TotalCountsWhatIsLeft,
    )
    .breaks(&["rfc7644-3.4.2.4-total-results-counts-all-matches"])
}

struct TotalCountsWhatIsLeft;

impl Fault for TotalCountsWhatIsLeft {
    fn name(&self) -> &'static str {
        "total-counts-what-is-left"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if matches!(plan.action, Action::List(..)) {
            let before = selection.start_index.saturating_sub(1);
            selection.total = selection.total.saturating_sub(before);
        }
    }
}
