//! A walk without count is refused.

use super::page_cursor::Asked;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A page by cursor without count is refused",
        CursorCountRequired,
    )
    .breaks(&["rfc9865-2-count-may-be-left-out"])
}

struct CursorCountRequired;

impl Fault for CursorCountRequired {
    fn name(&self) -> &'static str {
        "cursor-count-required"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let bare = Asked::of(decoded)
            .is_some_and(|asked| asked.get("cursor").is_some() && asked.get("count").is_none());
        if bare {
            *decoded = Err(Problem::bad("invalidCount", "'count' is missing"));
        }
    }
}
