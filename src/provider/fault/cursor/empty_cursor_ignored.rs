//! An empty cursor is taken for none.

use super::page_cursor::Asked;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "An empty cursor does not ask for pages by cursor",
        EmptyCursorIgnored,
    )
    .breaks(&["rfc9865-2.4-parameters-select-the-method"])
}

struct EmptyCursorIgnored;

impl Fault for EmptyCursorIgnored {
    fn name(&self) -> &'static str {
        "empty-cursor-ignored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(mut asked) = Asked::of(decoded) else {
            return;
        };
        if asked.get("cursor").as_deref() == Some("") {
            asked.set("cursor", None);
        }
    }
}
