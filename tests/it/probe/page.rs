//! Faults of pages that depend on their size, order or what happens between them: caught with every seed.

use super::{missed, tried};

/// Faults that the law of pages has to catch with every seed.
pub(super) const PAGE_FAULTS: &[&str] = &[
    "cursor-page-loses-first",
    "cursor-page-repeats-last",
    "cursor-walk-ends-early",
    "cursors-slip-on-a-create",
    "descending-pages-turned",
    "full-last-page-lost",
    "page-holds-one-too-many",
    "pages-of-seven-overlap",
    "pages-overlap",
    "sorted-searches-forget-the-start",
    "total-counts-the-page",
];

#[test]
fn faults_of_pages_are_caught_with_every_seed() {
    let missed = missed("probe.pages", PAGE_FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_reported_of_pages_is_the_shortest_walk() {
    for (fault, said) in [
        (
            "full-last-page-lost",
            "2 users by index from 1 with count 1, filter",
        ),
        (
            "pages-of-seven-overlap",
            "8 users by index from 1 with count 7, filter",
        ),
        (
            "cursors-slip-on-a-create",
            "2 users by cursor with count 1, while other users come and go, filter",
        ),
    ] {
        let case = tried("probe.pages", Some(fault), 1);
        let hints: Vec<_> = case
            .findings
            .iter()
            .filter_map(|one| one.hint.as_deref())
            .collect();
        assert!(
            hints.iter().any(|hint| hint.starts_with(said)),
            "{fault}: {hints:?}"
        );
        let again =
            "`scimitar test --embedded --only probe.pages --seed 1 --cases 300` draws it again";
        assert!(hints.iter().all(|hint| hint.contains(again)), "{hints:?}");
    }
}
