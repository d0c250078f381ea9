//! Faults that it takes a sequence to see: caught with every seed, and told by the smallest sequence.

use super::{missed, tried};

/// Faults that the law of the store has to catch with every seed.
pub(super) const STORE_FAULTS: &[&str] = &[
    "deleted-groups-stay-with-users",
    "old-id-leads-to-the-new-user",
    "patch-after-put-loses-extensions",
    "recreated-gets-its-old-id",
    "recreated-shows-old-values",
    "replaced-after-patch-is-not-found",
    "second-removal-takes-the-first-member",
];

#[test]
fn faults_of_the_store_are_caught_with_every_seed() {
    let missed = missed("probe.store", STORE_FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_reported_of_the_store_is_the_smallest_sequence() {
    for (fault, lines) in [
        // Created, replaced, patched, read.
        ("patch-after-put-loses-extensions", 3),
        // Created, deleted, created, read.
        ("recreated-shows-old-values", 3),
    ] {
        let case = tried("probe.store", Some(fault), 1);
        let finding = case
            .findings
            .first()
            .unwrap_or_else(|| panic!("{fault}: {case:?}"));
        let hint = finding.hint.as_deref().unwrap();
        assert_eq!(hint.matches("curl ").count(), lines, "{fault}: {hint}");
    }
}
