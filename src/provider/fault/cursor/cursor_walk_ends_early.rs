//! A walk ends after its second page.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The second page names no next one although resources are left",
        CursorWalkEndsEarly,
    )
    .breaks(&["rfc9865-2-only-the-last-page-ends-the-walk"])
}

struct CursorWalkEndsEarly;

impl Fault for CursorWalkEndsEarly {
    fn name(&self) -> &'static str {
        "cursor-walk-ends-early"
    }

    fn selected(&self, _plan: &Plan, selection: &mut Selection) {
        if selection.previous.is_some() {
            selection.next = None;
        }
    }
}
