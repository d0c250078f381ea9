//! The first page names a previous one.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The first page names a cursor of the page before",
        FirstPageNamesPrevious,
    )
    .breaks(&["rfc9865-2-first-page-has-no-previous-cursor"])
}

struct FirstPageNamesPrevious;

impl Fault for FirstPageNamesPrevious {
    fn name(&self) -> &'static str {
        "first-page-names-previous"
    }

    fn selected(&self, _plan: &Plan, selection: &mut Selection) {
        if selection.previous.is_none() {
            selection.previous.clone_from(&selection.next);
        }
    }
}
