//! Rows of the leaves in code: checks and probes.

use serde_json::json;

use super::{Row, first_sentence};
use crate::check::{expect, invariant};
use crate::cli::choice::Library;
use crate::cli::exit::Failure;
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

/// Load profiles.
///
/// # Errors
/// Where one can't be used.
pub(super) fn loads(library: &Library) -> Result<Vec<Row>, Failure> {
    let files: Vec<_> = library.suite.load_files().collect();
    let read = files.into_iter().map(|file| library.load_profile(file));
    read.map(|profile| {
        let profile = profile?;
        let cases: Vec<&str> = profile
            .mix
            .iter()
            .map(|share| share.case.as_str())
            .collect();
        let thresholds: Vec<&str> = profile
            .thresholds
            .iter()
            .map(|it| it.text.as_str())
            .collect();
        let json = json!({
            "id": profile.name, "title": profile.title, "description": profile.description,
            "model": profile.model.word(), "duration_ms": profile.duration.as_millis(),
            "scenarios": cases, "thresholds": thresholds, "file": profile.file,
        });
        Ok(Row {
            word: profile.model.word().to_owned(),
            title: profile.title,
            id: profile.name,
            json,
        })
    })
    .collect()
}
