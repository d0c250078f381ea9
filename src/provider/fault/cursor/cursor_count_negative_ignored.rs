//! A negative count is taken for no count where there is a cursor.

use super::page_cursor::Asked;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "With a cursor a negative count counts as none",
        CursorCountNegativeIgnored,
    )
    .breaks(&["rfc9865-2-negative-count-is-zero"])
}

struct CursorCountNegativeIgnored;

impl Fault for CursorCountNegativeIgnored {
    fn name(&self) -> &'static str {
        "cursor-count-negative-ignored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(mut asked) = Asked::of(decoded) else {
            return;
        };
        let is_negative = asked
            .get("count")
            .is_some_and(|count| count.starts_with('-'));
        if asked.get("cursor").is_some() && is_negative {
            asked.set("count", None);
        }
    }
}
