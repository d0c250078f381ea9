//! An unknown cursor begins the walk anew.

use serde_json::Value;

use super::page_cursor::{Asked, Issued};
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "An unknown cursor is answered with the first page",
        UnknownCursorBeginsAnew::default(),
    )
    .breaks(&[
        "rfc9865-2.1-invalid-cursor-is-refused",
        "rfc9865-2.1-invalid-paging-answers-an-error",
    ])
}

#[derive(Default)]
struct UnknownCursorBeginsAnew {
    issued: Issued,
}

impl Fault for UnknownCursorBeginsAnew {
    fn name(&self) -> &'static str {
        "unknown-cursor-begins-anew"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(mut asked) = Asked::of(decoded) else {
            return;
        };
        if asked
            .get("cursor")
            .is_some_and(|cursor| !self.issued.has(&cursor))
        {
            asked.set("cursor", Some(""));
        }
    }

    fn represented(&self, _plan: &Plan, document: &mut Value) {
        self.issued.note(document);
    }
}
