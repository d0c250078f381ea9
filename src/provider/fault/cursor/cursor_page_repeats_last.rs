//! The next page begins with the last resource of the page before.

use crate::provider::cursor::Place;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The last resource of a page is the first of the next",
        CursorPageRepeatsLast,
    )
    .breaks(&["rfc9865-2-cursor-pages-do-not-overlap"])
}

struct CursorPageRepeatsLast;

impl Fault for CursorPageRepeatsLast {
    fn name(&self) -> &'static str {
        "cursor-page-repeats-last"
    }

    fn selected(&self, _plan: &Plan, selection: &mut Selection) {
        let before_last = selection.resources.iter().rev().nth(1);
        if let (Some(resource), Some(next)) = (before_last, selection.next.as_mut())
            && let Place::After(position) = &mut next.place
        {
            position.sequence = resource.sequence;
        }
    }
}
