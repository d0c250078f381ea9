//! Faults that only rivals bring out: each is caught by its race with every seed, under the requirement that it
//! breaks, and drawn as a timeline.

use scimitar::probe::all;
use scimitar::record::{CaseRecord, Outcome};

use super::{SEEDS, tried};
use crate::fault::each;

const SETS: &str = "rfc7644-3.5.2.3-replace-sets-a-single-value";
const APPENDS: &str = "rfc7644-3.5.2.1-add-appends-values";
const UNIQUE: &str = "rfc7643-4.1.1-user-name-is-unique";
const GUARDS: &str = "rfc7644-3.14-if-match-guards-changes";

/// Probe, fault, and the requirement under which the fault has to be found.
const CAUGHT: &[(&str, &str, &str)] = &[
    ("probe.race-bulk", "bulk-writes-back-what-it-read", APPENDS),
    ("probe.race-bulk", "updates-overwrite-each-other", APPENDS),
    (
        "probe.race-delete-patch",
        "changes-are-read-late",
        "rfc7644-3.6-deleted-answers-404",
    ),
    (
        "probe.race-delete-patch",
        "patch-in-flight-revives-the-deleted",
        "rfc7644-3.6-deleted-answers-404",
    ),
    ("probe.race-disjoint", "updates-overwrite-each-other", SETS),
    (
        "probe.race-list-append",
        "overtaken-additions-are-made-twice",
        "rfc7643-2.4-no-duplicate-type-and-value",
    ),
    (
        "probe.race-list-append",
        "updates-overwrite-each-other",
        APPENDS,
    ),
    (
        "probe.race-member-set",
        "members-overwrite-each-other",
        APPENDS,
    ),
    (
        "probe.race-member-set",
        "updates-overwrite-each-other",
        APPENDS,
    ),
    (
        "probe.race-pages",
        "cursors-count-from-the-start",
        "rfc9865-2-cursors-cover-the-result-once",
    ),
    (
        "probe.race-register",
        "reads-are-behind-where-changes-meet",
        SETS,
    ),
    ("probe.race-register", "refused-values-are-read", SETS),
    (
        "probe.race-rename-swap",
        "freed-names-are-checked-before-a-wait",
        UNIQUE,
    ),
    (
        "probe.race-rename-swap",
        "renamed-users-answer-to-both-names",
        "rfc7644-3.4.2.2-filter-selects-matching-resources-only",
    ),
    (
        "probe.race-retry",
        "broken-off-creates-keep-their-name",
        "rfc7644-3.3-create-answers-201",
    ),
    ("probe.race-retry", "refused-creates-are-stored", UNIQUE),
    (
        "probe.race-tag-swap",
        "if-match-checked-before-a-wait",
        GUARDS,
    ),
    ("probe.race-tag-swap", "tags-change-once-a-second", GUARDS),
    (
        "probe.race-tag-swap",
        "versions-come-back",
        "rfc7644-3.14-version-follows-changes",
    ),
    (
        "probe.race-unique-create",
        "names-checked-before-a-wait",
        UNIQUE,
    ),
    (
        "probe.race-unique-create",
        "refused-creates-are-stored",
        UNIQUE,
    ),
    (
        "probe.race-unique-create",
        "rival-creates-answer-500",
        "rfc7644-3.12-client-faults-are-no-server-errors",
    ),
    (
        "probe.race-unique-forms",
        "names-checked-before-a-wait",
        UNIQUE,
    ),
    (
        "probe.race-unique-forms",
        "names-locked-as-they-are-spelled",
        UNIQUE,
    ),
];

/// Whether a finding says what is wrong, with a timeline.
fn shows(case: &CaseRecord, requirement: &str) -> bool {
    case.findings.iter().any(|one| {
        let drawn = one
            .hint
            .as_deref()
            .is_some_and(|hint| hint.contains(" ms)"));
        one.requirement == requirement
            && matches!(one.outcome, Outcome::Fail | Outcome::Warn)
            && drawn
    })
}

/// What is not caught with some of the seeds.
fn overlooked(seeds: &[u64]) -> Vec<String> {
    let runs: Vec<_> = CAUGHT
        .iter()
        .flat_map(|one| seeds.iter().map(move |seed| (*one, *seed)))
        .collect();
    each(&runs, |((probe, fault, requirement), seed)| {
        let case = tried(probe, Some(fault), *seed);
        (!shows(&case, requirement)).then(|| {
            let CaseRecord {
                outcome,
                error,
                findings,
                ..
            } = case;
            format!("{probe} {fault} with seed {seed}: {outcome:?} {error:?} {findings:?}")
        })
    })
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn rivals_that_a_server_mixes_up_are_seen_with_every_seed() {
    let missed = overlooked(&SEEDS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn every_race_catches_something() {
    let races = all().iter().map(|probe| probe.id());
    for race in races.filter(|id| id.starts_with("probe.race-")) {
        assert!(CAUGHT.iter().any(|(probe, _, _)| *probe == race), "{race}");
    }
}

#[test]
fn a_stale_read_is_shown_by_the_change_and_the_read_alone() {
    let case = tried(
        "probe.race-register",
        Some("reads-are-behind-where-changes-meet"),
        1,
    );
    let hint = case.findings.iter().find_map(|one| one.hint.as_deref());
    let lines = hint.unwrap().lines().filter(|line| line.contains(" |"));
    let lines: Vec<&str> = lines.collect();
    // The value that was read has its own change, where it is not the one of the beginning.
    let (read, changes) = lines.split_last().unwrap();
    assert!((1..=2).contains(&changes.len()), "{hint:?}");
    assert!(read.contains("read 200 shows"), "{read}");
    assert!(changes.iter().all(|line| line.contains("set rival")));
}

#[test]
fn where_nothing_is_found_the_rounds_are_told() {
    let case = tried("probe.race-register", None, 1);
    assert_eq!(case.outcome, Outcome::Pass);
    let told = case.told.unwrap();
    assert!(
        told.starts_with("0 of 30 rounds: with 95 % confidence"),
        "{told}"
    );
}

#[test]
fn a_member_who_is_lost_is_named_and_no_request_is_told_that_shows_nothing() {
    let case = tried(
        "probe.race-member-set",
        Some("members-overwrite-each-other"),
        1,
    );
    let finding = case
        .findings
        .iter()
        .find(|one| one.requirement == APPENDS)
        .unwrap_or_else(|| panic!("{case:?}"));
    let lost = finding.actual.strip_prefix("without ").unwrap();
    let hint = finding.hint.as_deref().unwrap();
    // Who is lost was added, and is not in what the end shows.
    for id in lost.split(", ") {
        let added = hint
            .lines()
            .any(|line| line.contains("add") && line.contains(id));
        assert!(added, "{id} {hint}");
    }
    assert!(
        hint.contains("`scimitar test --embedded --only probe.race-member-set --seed 1"),
        "{hint}"
    );
    assert_eq!(finding.curl, None);
}
