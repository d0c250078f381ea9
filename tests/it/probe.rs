//! Probes: each fault that they are for is caught whatever the seed, shrunk to the smallest request, and the
//! faultless provider gets no finding.

use scimitar::provider::fault::registry;
use scimitar::record::{CaseRecord, Outcome};

use crate::fault::each;
use crate::in_process;

/// Faults of filters that the law of filters has to catch with every seed.
const FILTER_FAULTS: &[&str] = &[
    "and-is-or",
    "and-looks-left",
    "case-exact-ignored",
    "filter-ignored",
    "filter-left-to-right",
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

/// Faults of PATCH that the law of PATCH has to catch with every seed.
const PATCH_FAULTS: &[&str] = &[
    "patch-add-keeps-the-old-value",
    "patch-add-replaces-values",
    "patch-add-takes-the-first-value",
    "patch-add-without-path-ignored",
    "patch-drops-siblings",
    "patch-extension-unlisted",
    "patch-failed-operation-skipped",
    "patch-filter-ignores-operator",
    "patch-first-operation-only",
    "patch-last-operation-dropped",
    "patch-not-atomic",
    "patch-primary-demotes-all",
    "patch-remove-ignores-filtered-paths",
    "patch-remove-takes-all-values",
    "patch-remove-takes-the-first-match",
    "patch-remove-takes-the-parent",
    "patch-remove-takes-the-whole-value",
    "patch-replace-appends-values",
    "patch-replace-takes-the-first-match",
    "patch-replace-without-path-ignored",
    "patch-replace-without-path-replaces-all",
    "patch-replaces-all-values",
    "patch-reverses-operations",
    "patch-shown-not-stored",
    "patch-sub-attribute-replaces-its-parent",
    "primary-not-demoted",
];

const SEEDS: [u64; 3] = [1, 2, 3];

fn tried(probe: &str, fault: Option<&str>, seed: u64) -> CaseRecord {
    let faults = fault.map_or_else(Vec::new, |name| {
        registry::find(name).unwrap_or_else(|| panic!("no fault {name}"))
    });
    let record = in_process::run_probe(probe, faults, seed);
    let case = record.cases.into_iter().find(|case| case.id == probe);
    case.expect("the probe is a case of the run")
}

/// The faults that a probe misses with some seed.
fn missed(probe: &str, faults: &[&'static str]) -> Vec<String> {
    let runs: Vec<(&str, u64)> = faults
        .iter()
        .flat_map(|fault| SEEDS.map(|seed| (*fault, seed)))
        .collect();
    each(&runs, |(fault, seed)| {
        let case = tried(probe, Some(fault), *seed);
        let caught = matches!(case.outcome, Outcome::Fail | Outcome::Warn);
        (!caught).then(|| {
            let (outcome, error) = (case.outcome, case.error);
            format!("{fault} with seed {seed}: {outcome:?} {error:?}")
        })
    })
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn faults_of_filters_are_caught_with_every_seed() {
    let missed = missed("probe.filter", FILTER_FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn faults_of_patch_are_caught_with_every_seed() {
    let missed = missed("probe.patch", PATCH_FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn rivals_that_a_server_mixes_up_are_seen_with_every_seed() {
    for (probe, fault) in [
        ("probe.race-disjoint", "updates-overwrite-each-other"),
        ("probe.race-member-set", "updates-overwrite-each-other"),
        ("probe.race-tag-swap", "if-match-checked-before-a-wait"),
        ("probe.race-unique-create", "names-checked-before-a-wait"),
    ] {
        let missed = missed(probe, &[fault]);
        assert!(missed.is_empty(), "{probe}: {}", missed.join("\n"));
        let case = tried(probe, Some(fault), 1);
        let hint = case.findings.first().and_then(|one| one.hint.as_deref());
        assert!(hint.is_some_and(|hint| hint.contains("===")), "{hint:?}");
    }
}

#[test]
fn what_is_reported_of_patch_is_the_smallest() {
    for (fault, requirement, operations) in [
        ("patch-not-atomic", "rfc7644-3.5.2-patch-is-atomic", 2),
        (
            "patch-last-operation-dropped",
            "rfc7644-3.5.2-operations-apply-in-order",
            2,
        ),
        (
            "patch-replace-appends-values",
            "rfc7644-3.5.2.3-replace-sets-all-values",
            1,
        ),
    ] {
        let case = tried("probe.patch", Some(fault), 1);
        let finding = case
            .findings
            .iter()
            .find(|one| one.requirement == requirement)
            .unwrap_or_else(|| panic!("{fault}: {:?}", case.findings));
        let hint = finding.hint.as_deref().unwrap();
        assert_eq!(
            hint.matches("\"op\":").count(),
            operations,
            "{fault}: {hint}"
        );
    }
}

#[test]
fn the_faultless_provider_gets_no_finding_from_a_probe() {
    let runs: Vec<(&str, u64)> = scimitar::probe::all()
        .iter()
        .flat_map(|probe| (1..=20).map(|seed| (probe.id(), seed)))
        .collect();
    let wrong: Vec<String> = each(&runs, |(probe, seed)| {
        let case = tried(probe, None, *seed);
        (case.outcome != Outcome::Pass).then(|| {
            format!(
                "{probe} with seed {seed}: {:?} {:?} {:?} {:?}",
                case.outcome, case.error, case.skip_reason, case.findings
            )
        })
    })
    .into_iter()
    .flatten()
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
        let operators = [
            " eq ", " ne ", " co ", " sw ", " ew ", " gt ", " ge ", " lt ", " le ", " pr",
        ];
        let count: usize = operators
            .iter()
            .map(|operator| filter.matches(operator).count())
            .sum();
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
