//! Faults of filters that the laws see without an oracle, each with every seed.

use super::{missed, tried};

/// What makes the set-up itself select everything, as `and-looks-left` does, no such law sees.
const FAULTS: &[&str] = &[
    "filter-left-to-right",
    "grouping-dropped",
    "not-ignored",
    "or-is-and",
    "or-selects-left",
    "count-zero-totals-zero",
    "search-ignores-the-filter",
];

#[test]
fn laws_without_an_oracle_catch_faults_with_every_seed() {
    let missed = missed("probe.filter-algebra", FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_reported_is_the_smallest_pair_of_filters() {
    for (fault, requirement, longest) in [
        ("or-is-and", "rfc7644-3.4.2.2-or-needs-one", 2),
        ("or-selects-left", "rfc7644-3.4.2.2-or-needs-one", 2),
    ] {
        let case = tried("probe.filter-algebra", Some(fault), 1);
        let finding = case
            .findings
            .iter()
            .find(|one| one.requirement == requirement)
            .unwrap_or_else(|| panic!("{fault}: {:?}", case.findings));
        let filter = finding.expected.split('`').nth(1).unwrap();
        let joined = filter.matches(" or ").count() + filter.matches(" and ").count();
        assert!(joined < longest, "{fault}: {filter}");
    }
}
