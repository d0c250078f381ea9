//! The matrix: every fault of the embedded provider is found, under a requirement that it breaks, and
//! the faultless provider gets no finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use scimitar::provider::fault::{Declaration, Fault, registry};
use scimitar::record::{Outcome, RunRecord};

use crate::golden;
use crate::in_process;

/// Cases that only a provider without a feature can be judged by.
const NOT_HERE: &[&str] = &[];

/// Requirements under which a run found something, and how bad it was.
fn found(record: &RunRecord) -> BTreeMap<String, Outcome> {
    let mut found = BTreeMap::new();
    for finding in record.cases.iter().flat_map(|case| &case.findings) {
        if matches!(finding.outcome, Outcome::Fail | Outcome::Warn) {
            let worst = found
                .entry(finding.requirement.clone())
                .or_insert(finding.outcome);
            *worst = (*worst).max(finding.outcome);
        }
    }
    found
}

fn judge(faults: Vec<Arc<dyn Fault>>, seed: u64) -> RunRecord {
    in_process::run(faults, seed, 1)
}

/// What is wrong with how a fault was found.
fn complaint(declaration: &Declaration, found: &BTreeMap<String, Outcome>) -> Option<String> {
    let breaks: BTreeSet<&String> = declaration.breaks.iter().collect();
    let also = |id: &str| declaration.also.iter().any(|pattern| covers(pattern, id));
    if !found.keys().any(|id| breaks.contains(id)) {
        return Some(format!(
            "{}: not found under {breaks:?}; found {found:?}",
            declaration.name()
        ));
    }
    let elsewhere: Vec<&String> = found
        .keys()
        .filter(|id| !breaks.contains(id) && !also(id))
        .collect();
    (!elsewhere.is_empty())
        .then(|| format!("{}: also found under {elsewhere:?}", declaration.name()))
}

/// Whether a claim names a requirement: whole, or by its beginning where it ends in `*`.
fn covers(pattern: &str, id: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == id, |start| id.starts_with(start))
}

#[test]
fn every_fault_is_found_where_it_breaks_something() {
    let mut wrong = Vec::new();
    let mut matrix = String::from(
        "# Faults\n\nGenerated: each fault of the embedded provider, and where a run finds it. `fail` in bold.\n\n\
         | fault | what goes wrong | found under |\n|---|---|---|\n",
    );
    let all = registry::all();
    assert!(all.len() >= 25, "there are {} faults", all.len());
    for declaration in &all {
        let found = found(&judge(vec![Arc::clone(&declaration.fault)], 1));
        wrong.extend(complaint(declaration, &found));
        let places: Vec<String> = found
            .iter()
            .map(|(id, outcome)| {
                if *outcome == Outcome::Fail {
                    format!("**{id}**")
                } else {
                    id.clone()
                }
            })
            .collect();
        let _ = writeln!(
            matrix,
            "| {} | {} | {} |",
            declaration.name(),
            declaration.title,
            places.join(", ")
        );
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
    golden::check("fixtures/fault/MATRIX.md", &matrix);
}

#[test]
fn sloppy_profiles_fail() {
    for profile in registry::profiles() {
        let faults = registry::find(&profile.name).expect("a profile is found by its name");
        let record = judge(faults, 1);
        assert_eq!(
            record.outcome.exit_code, 1,
            "{}: {:?}",
            profile.name, record.outcome
        );
        assert!(
            found(&record).len() >= profile.faults.len() / 2,
            "{}: {:?}",
            profile.name,
            found(&record)
        );
    }
}

#[test]
fn the_faultless_provider_gets_no_finding_with_twenty_seeds() {
    for seed in 0..20 {
        let record = judge(Vec::new(), seed);
        let findings: Vec<String> = record
            .cases
            .iter()
            .filter(|case| matches!(case.outcome, Outcome::Fail | Outcome::Warn | Outcome::Error))
            .map(|case| format!("{}: {:?} {:?}", case.id, case.error, case.findings))
            .collect();
        assert!(findings.is_empty(), "seed {seed}:\n{}", findings.join("\n"));
        let skipped: Vec<String> = record
            .cases
            .iter()
            .filter(|case| case.outcome == Outcome::Skip && !NOT_HERE.contains(&case.id.as_str()))
            .map(|case| format!("{}: {:?}", case.id, case.skip_reason))
            .collect();
        assert!(
            skipped.is_empty(),
            "seed {seed}: nothing may be skipped\n{}",
            skipped.join("\n")
        );
        assert_eq!(
            record.outcome.exit_code, 0,
            "seed {seed}: {:?}",
            record.outcome
        );
    }
}
