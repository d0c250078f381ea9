//! Large targets: what a run does and keeps grows no faster than what it is shown. Work is counted,
//! never timed; `tests/bench/big-lists` prints times.

use std::path::Path;
use std::sync::Arc;

use scimitar::provider::fault::{Fault, registry};
use scimitar::provider::{Data, Settings};
use scimitar::record::{Outcome, RunRecord};

use crate::in_process;

const SMALL: usize = 300;
const LARGE: usize = 1_200;

/// Walks, by index and by cursor, over this many users.
fn walk(users: usize, faults: Vec<Arc<dyn Fault>>) -> (RunRecord, u64) {
    let settings = Settings {
        faults,
        data: Data {
            users,
            groups: 1,
            ..Data::default()
        },
        ..Settings::default()
    };
    in_process::run_folder(settings, Path::new("tests/bench/big-lists/suite"))
}

fn size(record: &RunRecord) -> usize {
    serde_json::to_string(record).unwrap().len()
}

fn named(name: &str) -> Vec<Arc<dyn Fault>> {
    registry::find(name).unwrap()
}

#[test]
fn a_walk_sends_one_request_a_page_and_leaves_a_record_of_one_size() {
    let ((small, few), (large, many)) = (walk(SMALL, Vec::new()), walk(LARGE, Vec::new()));
    for record in [&small, &large] {
        let walks = record
            .cases
            .iter()
            .filter(|case| case.id.starts_with("by-"));
        let outcomes: Vec<Outcome> = walks.map(|case| case.outcome).collect();
        assert_eq!(outcomes, [Outcome::Pass, Outcome::Pass]);
    }
    let pages = (LARGE - SMALL) as u64 / 100;
    assert_eq!(many - few, 2 * pages, "{few} and {many} requests");
    let (before, after) = (size(&small), size(&large));
    assert!(after < before + before / 10, "{before} and {after} bytes");
}

#[test]
fn one_broken_rule_is_one_finding_however_often_it_is_seen() {
    let findings = |record: &RunRecord| -> Vec<(String, String)> {
        let walks = record
            .cases
            .iter()
            .filter(|case| !case.id.contains("resource"));
        let found = walks.flat_map(|case| case.findings.iter().map(move |one| (case, one)));
        found
            .map(|(case, one)| (case.id.clone(), format!("{} {}", one.requirement, one.at)))
            .collect()
    };
    let seen = |record: &RunRecord| -> u64 {
        let cases = record.cases.iter();
        let all = cases.flat_map(|case| &case.findings);
        all.map(|one| one.count).max().unwrap_or(0)
    };
    let (small, _) = walk(SMALL, named("resource-without-meta"));
    let (large, _) = walk(LARGE, named("resource-without-meta"));
    assert_eq!(findings(&small), findings(&large));
    assert!(seen(&small) >= SMALL as u64, "{}", seen(&small));
    assert!(seen(&large) >= LARGE as u64, "{}", seen(&large));
    let (before, after) = (size(&small), size(&large));
    assert!(after < before + before / 5, "{before} and {after} bytes");
}
