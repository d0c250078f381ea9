//! Faults of filters: caught with every seed, and told by the smallest filter.

use std::collections::BTreeSet;

use scimitar::provider::fault::registry;
use scimitar::provider::{Feature, Limits, Paging, PagingMethod, Settings};
use scimitar::record::{CaseRecord, Outcome};

use super::{case, missed, tried};
use crate::in_process;

/// Faults of filters that the law of filters has to catch with every seed.
pub(super) const FILTER_FAULTS: &[&str] = &[
    "and-is-or",
    "and-looks-left",
    "case-exact-ignored",
    "filter-ignored",
    "filter-left-to-right",
    "filter-names-by-case",
    "grouping-dropped",
    "not-ignored",
    "or-is-and",
    "or-selects-left",
    "prefix-as-substring",
    "presence-always",
    "strings-match-by-case",
    "suffix-as-substring",
    "value-path-across-values",
];

#[test]
fn faults_of_filters_are_caught_with_every_seed() {
    let missed = missed("probe.filter", FILTER_FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_reported_is_the_smallest_filter() {
    for (fault, requirement, tests) in [
        (
            "filter-left-to-right",
            "rfc7644-3.4.2.2-and-binds-tighter-than-or",
            3,
        ),
        ("not-ignored", "rfc7644-3.4.2.2-not-inverts", 1),
        (
            "presence-always",
            "rfc7644-3.4.2.2-pr-matches-present-values",
            1,
        ),
        ("or-is-and", "rfc7644-3.4.2.2-or-needs-one", 2),
        (
            "prefix-as-substring",
            "rfc7644-3.4.2.2-sw-matches-prefixes",
            1,
        ),
    ] {
        let case = tried("probe.filter", Some(fault), 1);
        let finding = case
            .findings
            .iter()
            .find(|one| one.requirement == requirement)
            .unwrap_or_else(|| panic!("{fault}: {:?}", case.findings));
        let filter = finding.expected.split('`').nth(1).unwrap();
        let operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"];
        let words = filter.split([' ', ')', ']']);
        let count = words.filter(|word| operators.contains(word)).count();
        assert_eq!(count, tests, "{fault}: {filter}");
    }
}

#[test]
fn what_is_no_filter_and_let_in_is_seen() {
    let case = tried("probe.filter-refusals", Some("invalid-filter-ignored"), 1);
    let wanted = "rfc7644-3.4.2.2-invalid-filter-answers-400";
    let found = case.findings.iter().any(|one| one.requirement == wanted);
    assert!(found, "{:?}", case.findings);
}

/// What a probe says of a provider that shows four users on a page at most.
fn on_small_pages(probe: &str, without: &[Feature], fault: Option<&str>) -> CaseRecord {
    let settings = Settings {
        faults: fault.map_or_else(Vec::new, |name| registry::find(name).unwrap()),
        limits: Limits {
            max_results: 4,
            ..Limits::default()
        },
        paging: Paging {
            preferred: if without.contains(&Feature::Index) {
                PagingMethod::Cursor
            } else {
                PagingMethod::Index
            },
            ..Paging::default()
        },
        without: without.iter().copied().collect::<BTreeSet<_>>(),
        ..Settings::default()
    };
    case(in_process::run_probe_against(probe, settings, 1), probe)
}

#[test]
fn users_on_several_pages_are_compared_together() {
    for without in [Feature::Index, Feature::Cursor] {
        for probe in ["probe.filter", "probe.filter-algebra"] {
            let case = on_small_pages(probe, &[without], None);
            assert_eq!(case.outcome, Outcome::Pass, "{without:?}: {case:?}");
        }
        let case = on_small_pages("probe.filter", &[without], Some("or-is-and"));
        let wanted = "rfc7644-3.4.2.2-or-needs-one";
        let found = case.findings.iter().any(|one| one.requirement == wanted);
        assert!(found, "{without:?}: {case:?}");
    }
}

#[test]
fn who_is_left_out_is_told_in_a_sentence() {
    let case = tried("probe.filter", Some("or-is-and"), 1);
    let told: Vec<&str> = case
        .findings
        .iter()
        .map(|one| one.actual.as_str())
        .collect();
    assert!(told.contains(&"it leaves this user out"), "{told:?}");
}

#[test]
fn what_the_target_takes_of_filters_is_told() {
    let told = tried("probe.filter", None, 1).told.unwrap();
    for part in [
        "takes and, eq, ne, co, sw, ew, gt, ge, lt, le, or, not, value paths",
        "names with a URN, pr of ",
    ] {
        assert!(told.contains(part), "{told}");
    }
    assert!(told.ends_with("; refuses nothing that was asked"), "{told}");
}
