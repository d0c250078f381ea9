//! count 0 is taken for no count where there is a cursor.

use super::page_cursor::Asked;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "With a cursor a count of 0 counts as none",
        CursorCountZeroIgnored,
    )
    .breaks(&["rfc9865-2-count-zero-returns-no-resources"])
}

struct CursorCountZeroIgnored;

impl Fault for CursorCountZeroIgnored {
    fn name(&self) -> &'static str {
        "cursor-count-zero-ignored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(mut asked) = Asked::of(decoded) else {
            return;
        };
        if asked.get("cursor").is_some() && asked.get("count").as_deref() == Some("0") {
            asked.set("count", None);
        }
    }
}
