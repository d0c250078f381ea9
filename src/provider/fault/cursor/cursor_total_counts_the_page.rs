//! totalResults of a page by cursor is the size of the page.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "With a cursor totalResults counts the resources of the page",
        CursorTotalCountsThePage,
    )
    .breaks(&["rfc9865-2-total-results-is-accurate"])
}

struct CursorTotalCountsThePage;

impl Fault for CursorTotalCountsThePage {
    fn name(&self) -> &'static str {
        "cursor-total-counts-the-page"
    }

    fn selected(&self, _plan: &Plan, selection: &mut Selection) {
        if selection.by_cursor {
            selection.total = selection.resources.len();
        }
    }
}
