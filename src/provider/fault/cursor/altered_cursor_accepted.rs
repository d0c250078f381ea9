//! What is added to a cursor is overlooked.

use serde_json::Value;

use super::page_cursor::{Asked, Issued};
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A cursor is accepted although something was added to it",
        AlteredCursorAccepted::default(),
    )
    .breaks(&["rfc9865-5.2-forged-cursors-are-detected"])
}

#[derive(Default)]
struct AlteredCursorAccepted {
    issued: Issued,
}

impl Fault for AlteredCursorAccepted {
    fn name(&self) -> &'static str {
        "altered-cursor-accepted"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(mut asked) = Asked::of(decoded) else {
            return;
        };
        if let Some(cursor) = asked
            .get("cursor")
            .and_then(|text| self.issued.inside(&text))
        {
            asked.set("cursor", Some(&cursor));
        }
    }

    fn represented(&self, _plan: &Plan, document: &mut Value) {
        self.issued.note(document);
    }
}
