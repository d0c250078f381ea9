//! Faults of single attributes and values: caught with every seed, and shrunk to the attribute and value that matter.

use super::{missed, tried};

/// Faults that the walk over the schemas has to catch with every seed.
const FAULTS: &[&str] = &[
    "fractions-rounded-to-cents",
    "leading-zeros-lost",
    "long-texts-cut",
    "negative-numbers-become-texts",
    "said-no-in-lists-lost",
    "third-value-lost-by-patch",
    "zones-ahead-dropped",
    "global-values-not-unique",
    "replaced-immutable-values-change",
    "request-attributes-always-shown",
    "text-is-latin-1",
    "text-read-as-latin-1",
    "user-names-not-unique",
];

#[test]
fn faults_of_values_are_caught_with_every_seed() {
    let missed = missed("probe.schema-walk", FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_reported_of_values_is_the_simplest() {
    for (fault, requirement, is_simplest) in [
        (
            "negative-numbers-become-texts",
            "rfc7643-2.3.4-integers-have-no-fraction-or-exponent",
            // Of one value, of several, and of a part are as simple as each other.
            (|it| [" -1", "[-1]", ":-1}]"].iter().any(|end| it.ends_with(end))) as fn(&str) -> bool,
        ),
        (
            "fractions-rounded-to-cents",
            "rfc7644-3.3-created-resource-is-readable",
            |it| it.contains(":height 0."),
        ),
    ] {
        let case = tried("probe.schema-walk", Some(fault), 1);
        let finding = case
            .findings
            .iter()
            .find(|one| one.requirement == requirement)
            .unwrap_or_else(|| panic!("{fault}: {:?}", case.findings));
        let hint = finding.hint.as_deref().unwrap();
        let (request, _) = hint.split_once(';').unwrap();
        assert!(is_simplest(request), "{fault}: {request}");
        let again = "`scimitar test --embedded --only probe.schema-walk --seed 1 --cases 300` draws it again";
        assert!(hint.contains(again), "{hint}");
    }
}
