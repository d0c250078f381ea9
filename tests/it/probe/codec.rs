//! Faults of reading JSON: caught with every seed, and shrunk to the one spelling that matters.

use super::{missed, tried};

/// Faults that the law of spellings has to catch with every seed.
const FAULTS: &[&str] = &[
    "capital-names-lost-in-lists",
    "escaped-solidus-keeps-its-backslash",
    "exponents-ignored",
    "quoted-charset-refused",
    "surrogate-pairs-dropped",
];

#[test]
fn faults_of_spellings_are_caught_with_every_seed() {
    let missed = missed("probe.codec", FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_reported_of_spellings_is_the_one_that_matters() {
    for (fault, said) in [
        (
            "exponents-ignored",
            "create with decimals with an exponent: ",
        ),
        (
            "escaped-solidus-keeps-its-backslash",
            "create with an escaped solidus: ",
        ),
        ("quoted-charset-refused", "create with charset=\"UTF-8\": "),
    ] {
        let case = tried("probe.codec", Some(fault), 1);
        let hints: Vec<_> = case
            .findings
            .iter()
            .filter_map(|one| one.hint.as_deref())
            .collect();
        assert!(
            hints.iter().any(|hint| hint.starts_with(said)),
            "{fault}: {hints:?}"
        );
    }
}
