//! `totalResults` is the size of the page.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "totalResults counts the resources of the page, not all matches",
        TotalCountsThePage,
    )
    .breaks(&["rfc7644-3.4.2.4-total-results-counts-all-matches"])
}

struct TotalCountsThePage;

impl Fault for TotalCountsThePage {
    fn name(&self) -> &'static str {
        "total-counts-the-page"
    }

    fn selected(&self, _plan: &Plan, selection: &mut Selection) {
        selection.total = selection.resources.len();
    }
}
