//! Cursors expire after a second.

use std::time::Duration;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A cursor expires after a second, whatever cursorTimeout promises",
        CursorsExpireEarly,
    )
    .breaks(&["rfc9865-4-cursors-last-as-promised"])
}

struct CursorsExpireEarly;

impl Fault for CursorsExpireEarly {
    fn name(&self) -> &'static str {
        "cursors-expire-early"
    }

    fn selected(&self, _plan: &Plan, selection: &mut Selection) {
        for cursor in [&mut selection.next, &mut selection.previous]
            .into_iter()
            .flatten()
        {
            cursor.expires = cursor.issued + Duration::from_secs(1);
        }
    }
}
