//! Faults of PUT: caught with every seed, and told by the smallest replacement.

use super::{missed, tried};

/// Faults of PUT that the law of PUT has to catch with every seed.
const PUT_FAULTS: &[&str] = &[
    "put-answers-with-the-old-state",
    "put-appends-values",
    "put-changes-nothing",
    "put-fills-values-of-the-same-type",
    "put-ignores-parts-in-other-case",
    "put-keeps-an-extension-beside-null",
    "put-keeps-emptied-values",
    "put-keeps-omitted-extensions",
    "put-keeps-omitted-values",
    "put-loses-lists-beside-a-new-extension",
    "put-refreshes-created",
    "put-unchanged-drops-extensions",
    "replaced-immutable-values-change",
];

#[test]
fn faults_of_put_are_caught_with_every_seed() {
    let missed = missed("probe.put", PUT_FAULTS);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_reported_of_put_is_the_smallest() {
    for (fault, requirement, attributes) in [
        ("put-appends-values", "rfc7644-3.5.1-put-replaces-values", 1),
        (
            "put-keeps-emptied-values",
            "rfc7643-2.5-null-and-empty-array-unassign",
            1,
        ),
        (
            "put-loses-lists-beside-a-new-extension",
            "rfc7644-3.5.1-put-replaces-values",
            3,
        ),
    ] {
        let case = tried("probe.put", Some(fault), 1);
        let finding = case
            .findings
            .iter()
            .find(|one| one.requirement == requirement)
            .unwrap_or_else(|| panic!("{fault}: {:?}", case.findings));
        let hint = finding.hint.as_deref().unwrap();
        let body = hint.strip_prefix("a PUT of ").unwrap();
        let (body, _) = body.split_once(", with the name").unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let count = body.as_object().unwrap().len();
        assert_eq!(count, attributes, "{fault}: {hint}");
    }
}
