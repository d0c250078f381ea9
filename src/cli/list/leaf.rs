//! Rows of the leaves in code: checks and probes.

use serde_json::json;

use super::{Row, first_sentence};
use crate::check::{expect, invariant};
use crate::cli::value::counted;
use crate::probe;

pub(super) fn checks() -> Vec<Row> {
    let named = expect::all().iter().map(|leaf| Row {
        id: leaf.name().to_owned(),
        word: "in scenarios".to_owned(),
        title: first_sentence(leaf.doc()).to_owned(),
        json: json!({ "id": leaf.name(), "kind": "expectation", "doc": leaf.doc() }),
    });
    let always = invariant::all().iter().map(|leaf| Row {
        id: leaf.id().to_owned(),
        word: "every exchange".to_owned(),
        title: leaf.title().to_owned(),
        json: json!({
            "id": leaf.id(), "kind": "invariant", "title": leaf.title(), "covers": leaf.covers(),
        }),
    });
    named.chain(always).collect()
}

pub(super) fn probes() -> Vec<Row> {
    let all = probe::all().iter();
    all.map(|leaf| Row {
        id: leaf.id().to_owned(),
        word: counted(leaf.covers().len(), "requirement"),
        title: leaf.title().to_owned(),
        json: json!({ "id": leaf.id(), "title": leaf.title(), "doc": leaf.doc(), "covers": leaf.covers(), "needs": leaf.needs() }),
    })
    .collect()
}
