//! Cursors are base64 with its padding.

use serde_json::Value;

use super::page_cursor::{Asked, respell};
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Cursors hold characters that a URI has to escape",
        CursorPadded,
    )
    .breaks(&["rfc9865-2-cursors-are-unreserved-characters"])
}

struct CursorPadded;

impl Fault for CursorPadded {
    fn name(&self) -> &'static str {
        "cursor-padded"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(mut asked) = Asked::of(decoded) else {
            return;
        };
        if let Some(cursor) = asked.get("cursor") {
            asked.set("cursor", Some(cursor.trim_end_matches('=')));
        }
    }

    fn represented(&self, _plan: &Plan, document: &mut Value) {
        respell(document, |cursor| format!("{cursor}=="));
    }
}
