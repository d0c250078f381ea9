//! How long changes that end access take to be seen: measured on a provider that shows them at once, and on providers
//! some of whose readers are ten seconds late.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use scimitar::provider::fault::{Fault, registry};
use scimitar::record::{Outcome, RunRecord};

use crate::in_process;

/// Rounds of each measurement.
const ROUNDS: u64 = 5;

fn measured(fault: Option<&str>) -> RunRecord {
    let faults: Vec<Arc<dyn Fault>> = fault.map_or_else(Vec::new, |name| {
        registry::find(name).expect("there is such a fault")
    });
    let cases = in_process::identity_provider_cases()
        .iter()
        .filter(|case| case.id.starts_with("operator.revocation."))
        .cloned()
        .collect();
    in_process::run_cases("operator", cases, faults)
}

/// The measurements that the fault makes late are those, and they take as long as it does.
#[track_caller]
fn check(fault: &str, late: &[&str]) {
    let record = measured(Some(fault));
    let revocation = record.revocation.as_ref().expect("it was measured");
    let mut seen: BTreeMap<String, Duration> = BTreeMap::new();
    for row in &revocation.rows {
        let name = format!("{}.{}", row.change, row.place);
        assert_eq!((row.n, row.unseen), (ROUNDS, 0), "{name}");
        let (fastest, slowest) = (
            Duration::from_micros(row.p50_us),
            Duration::from_micros(row.max_us),
        );
        if row.late > 0 {
            assert_eq!(row.late, ROUNDS, "{name}");
            assert!(
                fastest >= Duration::from_secs(10),
                "{name} after {fastest:?}"
            );
            assert!(
                slowest < Duration::from_secs(12),
                "{name} after {slowest:?}"
            );
            seen.insert(name, slowest);
        } else {
            assert!(slowest < Duration::from_secs(5), "{name} after {slowest:?}");
        }
    }
    let found: Vec<&str> = seen.keys().map(String::as_str).collect();
    assert_eq!(found, late);
    assert!(record.cases.iter().any(|case| case.outcome > Outcome::Pass));
}

#[test]
fn what_is_seen_at_once_is_measured_and_is_no_finding() {
    let record = measured(None);
    let wrong = record
        .cases
        .iter()
        .find(|case| case.outcome != Outcome::Pass);
    assert!(wrong.is_none(), "{wrong:?}");
    let revocation = record.revocation.expect("it was measured");
    assert_eq!(revocation.within_ms, 5_000);
    assert_eq!(revocation.rows.len(), 11);
    for row in revocation.rows {
        let name = format!("{}.{}", row.change, row.place);
        assert_eq!((row.n, row.late, row.unseen), (ROUNDS, 0, 0), "{name}");
        assert!(
            row.p50_us <= row.p95_us && row.p95_us <= row.max_us,
            "{name}"
        );
        assert!(row.max_us < 5_000_000, "{name}");
    }
}

#[test]
fn a_reader_that_is_late_is_seen_to_be() {
    check(
        "changes-reach-lists-late",
        &[
            "delete-group.by-filter",
            "delete-user.by-filter",
            "disable.by-filter",
            "remove-member.by-filter",
        ],
    );
    check(
        "changes-are-read-late",
        &[
            "delete-group.by-id",
            "delete-user.by-id",
            "disable.by-id",
            "remove-member.in-group",
        ],
    );
    check(
        "groups-of-users-change-late",
        &[
            "delete-group.in-user-groups",
            "remove-member.in-user-groups",
        ],
    );
    check("deleted-users-leave-groups-late", &["delete-user.in-group"]);
}

#[test]
fn what_is_never_seen_stands_with_the_time_for_which_it_was_looked_for() {
    let record = measured(Some("active-cannot-be-switched"));
    let revocation = record.revocation.expect("it was measured");
    let row = revocation.rows.iter().find(|row| row.change == "disable");
    let row = row.expect("it was measured");
    assert_eq!((row.n, row.late, row.unseen), (ROUNDS, ROUNDS, ROUNDS));
    assert!(row.p50_us >= 15_000_000, "{} µs", row.p50_us);
}
