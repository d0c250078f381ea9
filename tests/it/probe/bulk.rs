//! Faults of bulk requests that a list of operations brings out: caught with every seed.

use super::missed;

/// Faults that the law of bulk requests has to catch with every seed.
pub(super) const BULK_FAULTS: &[&str] = &[
    "bulk-forgets-references-after-a-delete",
    "bulk-patches-before-it-replaces",
    "bulk-patches-once",
    "bulk-takes-a-higher-limit-for-one",
];

#[test]
fn faults_of_bulk_requests_are_caught_with_every_seed() {
    let missed = missed("probe.bulk", BULK_FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
