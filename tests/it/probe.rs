//! Probes: each fault that they are for is caught whatever the seed, shrunk to the smallest request, and the
//! faultless provider gets no finding.

mod algebra;
mod bulk;
mod codec;
mod filter;
mod late;
mod odd;
mod page;
mod patch;
mod put;
mod race;
mod regression;
mod seeds;
mod store;
mod walk;

use scimitar::provider::fault::registry;
use scimitar::record::{CaseRecord, RunRecord};

use crate::in_process;

const SEEDS: [u64; 3] = [1, 2, 3];

fn tried(probe: &str, fault: Option<&str>, seed: u64) -> CaseRecord {
    let faults = fault.map_or_else(Vec::new, |name| {
        registry::find(name).unwrap_or_else(|| panic!("no fault {name}"))
    });
    case(in_process::run_probe(probe, faults, seed), probe)
}

/// The case of a probe in the record of its run.
fn case(record: RunRecord, probe: &str) -> CaseRecord {
    let case = record.cases.into_iter().find(|case| case.id == probe);
    case.expect("the probe is a case of the run")
}

/// The faults that a probe misses with some seed; how often each was caught is printed.
fn missed(probe: &str, faults: &[&str]) -> Vec<String> {
    let hunts: Vec<(&str, &str)> = faults.iter().map(|fault| (probe, *fault)).collect();
    seeds::missed(&hunts, 3)
}
