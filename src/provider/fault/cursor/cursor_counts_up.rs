//! A cursor is a number that counts up.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::page_cursor::{Asked, respell};
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A cursor is a small number that anybody can count up",
        CursorCountsUp::default(),
    )
    .breaks(&["rfc9865-5.2-cursors-are-obfuscated"])
}

#[derive(Default)]
struct CursorCountsUp {
    /// The true names by number.
    names: Mutex<Vec<String>>,
}

impl Fault for CursorCountsUp {
    fn name(&self) -> &'static str {
        "cursor-counts-up"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(mut asked) = Asked::of(decoded) else {
            return;
        };
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let number = asked.get("cursor").and_then(|cursor| cursor.parse().ok());
        if let Some(name) = number.and_then(|number: usize| names.get(number)) {
            asked.set("cursor", Some(name));
        }
    }

    fn represented(&self, _plan: &Plan, document: &mut Value) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        respell(document, |cursor| {
            names.push(cursor.to_owned());
            (names.len() - 1).to_string()
        });
    }
}
