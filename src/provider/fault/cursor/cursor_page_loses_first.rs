//! A resource is lost between two pages.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The first resource of every page but the first is lost",
        CursorPageLosesFirst,
    )
    .breaks(&["rfc9865-2-cursors-cover-the-result-once"])
}

struct CursorPageLosesFirst;

impl Fault for CursorPageLosesFirst {
    fn name(&self) -> &'static str {
        "cursor-page-loses-first"
    }

    fn selected(&self, _plan: &Plan, selection: &mut Selection) {
        if selection.previous.is_some() && !selection.resources.is_empty() {
            selection.resources.remove(0);
        }
    }
}
