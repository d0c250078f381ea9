//! The vectors of `fixtures/vector` are cases of the suite: each strict one is a row that bears its id.

mod filter;

use std::collections::BTreeSet;

use scimitar::check::expect;
use scimitar::requirement::Catalogue;
use scimitar::suite::{Scenario, Suite, Vocabulary};

/// Names of all rows in the scenarios whose id begins so.
fn rows(prefix: &str) -> BTreeSet<String> {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let suite = Suite::embedded().expect("the embedded suites are sound");
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue: &catalogue,
    };
    let headings = suite
        .headings()
        .iter()
        .filter(|heading| heading.id.starts_with(prefix));
    let scenarios = suite
        .load(headings, &vocabulary)
        .expect("the scenarios are sound");
    scenarios
        .iter()
        .flat_map(|scenario: &std::sync::Arc<Scenario>| &scenario.matrix)
        .map(|row| row.name.clone())
        .collect()
}

#[test]
fn every_strict_patch_vector_is_a_case() {
    let text = include_str!("../../fixtures/vector/patch.toml");
    let vectors: toml::Table = toml::from_str(text).expect("the vectors are TOML");
    let strict: BTreeSet<String> = vectors["patch"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|vector| vector.get("grade").and_then(toml::Value::as_str) == Some("strict"))
        .filter_map(|vector| vector.get("id").and_then(toml::Value::as_str))
        .map(str::to_ascii_lowercase)
        .collect();
    assert!(strict.len() > 40, "only {}", strict.len());
    let rows = rows("patch.vector.");
    let missing: Vec<&String> = strict.difference(&rows).collect();
    assert!(missing.is_empty(), "no case has {missing:?}");
    let unknown: Vec<&String> = rows.difference(&strict).collect();
    assert!(unknown.is_empty(), "no strict vector is called {unknown:?}");
}
