//! Faults of PATCH: caught with every seed, and told by the smallest operations.

use super::{missed, tried};

/// Faults of PATCH that the law of PATCH has to catch with every seed.
pub(super) const PATCH_FAULTS: &[&str] = &[
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
    "version-stuck-on-removals",
];

/// Faults that the same PATCH brings out when it is sent again.
pub(super) const REPEATED_FAULTS: &[&str] = &[
    "patch-add-duplicates-beside-others",
    "patch-equal-part-refused",
    "patch-without-effect-dates-back",
];

#[test]
fn faults_of_patch_are_caught_with_every_seed() {
    let missed = missed("probe.patch", PATCH_FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn faults_of_the_same_patch_again_are_caught_with_every_seed() {
    let mut faults = REPEATED_FAULTS.to_vec();
    faults.push("patch-no-op-moves-last-modified");
    let missed = missed("probe.patch", &faults);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_sent_again_is_told_under_its_own_promise() {
    for (fault, requirement) in [
        (
            "patch-add-duplicates-beside-others",
            "rfc7644-3.5.2.1-add-does-not-duplicate",
        ),
        (
            "patch-equal-part-refused",
            "rfc7644-3.5.2.3-replace-with-an-equal-value-succeeds",
        ),
        (
            "patch-without-effect-dates-back",
            "rfc7644-3.5.2-patch-refreshes-last-modified",
        ),
        (
            "patch-no-op-moves-last-modified",
            "rfc7644-3.5.2.1-no-op-add-keeps-last-modified",
        ),
        (
            "version-stuck-on-removals",
            "rfc7644-3.14-version-follows-changes",
        ),
    ] {
        let case = tried("probe.patch", Some(fault), 1);
        let under: Vec<&str> = case
            .findings
            .iter()
            .map(|it| it.requirement.as_str())
            .collect();
        assert_eq!(under, [requirement], "{fault}: {:?}", case.findings);
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
        // What was refused is said to have been.
        let refused = finding
            .expected
            .contains(" as before, since the PATCH /Users/");
        assert_eq!(refused, fault == "patch-not-atomic", "{}", finding.expected);
        let hint = finding.hint.as_deref().unwrap();
        assert_eq!(
            hint.matches("\"op\":").count(),
            operations,
            "{fault}: {hint}"
        );
    }
}
