//! Whatever the seed: each fault that a probe alone finds is caught by it, and the faultless provider gets no finding.
//!
//! Three seeds for each fault, and twenty for the faultless provider; `SEEDS=30` tries as many of each, and
//! `FAULT='name-*,other'` chooses among the faults. With `--nocapture` how often each was caught is seen.

use std::collections::BTreeSet;

use scimitar::provider::fault::registry;
use scimitar::record::Outcome;

use super::{case, tried};
use crate::fault::{chosen, each};
use crate::in_process;

/// The seeds to try, where nobody asks for others.
fn seeds(few: u64) -> Vec<u64> {
    let asked = std::env::var("SEEDS").ok();
    let many = asked.map_or(few, |text| text.parse().expect("SEEDS is a number"));
    (1..=many).collect()
}

/// The pairs of probe and fault that miss each other with some seed, of which `few` are tried where nobody asks for
/// more; how often each was caught is printed.
#[expect(
    clippy::print_stdout,
    reason = "how often is what one asks for with SEEDS"
)]
pub(super) fn missed(hunts: &[(&str, &str)], few: u64) -> Vec<String> {
    let (chosen, seeds) = (chosen(), seeds(few));
    let hunts: Vec<&(&str, &str)> = hunts.iter().filter(|(_, fault)| chosen(fault)).collect();
    let runs: Vec<(&str, &str, u64)> = hunts
        .iter()
        .flat_map(|(probe, fault)| seeds.iter().map(|seed| (*probe, *fault, *seed)))
        .collect();
    let results = each(&runs, |(probe, fault, seed)| {
        let faults = registry::find(fault).unwrap_or_else(|| panic!("no fault {fault}"));
        let brief = case(in_process::run_probe_briefly(probe, &faults, *seed), probe);
        // What is not shrunk may look like a reading that the RFC leaves open.
        let case = match brief.outcome {
            Outcome::Note => case(in_process::run_probe(probe, faults, *seed), probe),
            _ => brief,
        };
        match case.outcome {
            Outcome::Fail | Outcome::Warn => Ok(case.findings.into_iter().map(|it| it.requirement)),
            outcome => Err(format!("{seed}: {outcome:?} {:?}", case.error)),
        }
        .map(Iterator::collect::<BTreeSet<String>>)
    });
    let mut missed = Vec::new();
    for ((probe, fault), results) in hunts.iter().zip(results.chunks(seeds.len())) {
        let caught: Vec<_> = results.iter().flatten().collect();
        let under: BTreeSet<&String> = caught.iter().copied().flatten().collect();
        println!(
            "{probe} catches {fault} {} of {} times: {under:?}",
            caught.len(),
            seeds.len()
        );
        let failures: Vec<&String> = results.iter().filter_map(|it| it.as_ref().err()).collect();
        if !failures.is_empty() {
            missed.push(format!("{probe} misses {fault} with seed {failures:?}"));
        }
    }
    missed
}

#[test]
fn each_fault_that_a_probe_alone_finds_is_caught_with_every_seed() {
    let all = registry::all();
    let hunts: Vec<(&str, &str)> = all
        .iter()
        .filter_map(|one| Some((one.probe.as_deref()?, one.name())))
        .collect();
    let missed = missed(&hunts, 3);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn the_faultless_provider_gets_no_finding_from_a_probe() {
    let seeds = seeds(20);
    let runs: Vec<(&str, u64)> = scimitar::probe::all()
        .iter()
        .flat_map(|probe| seeds.iter().map(|seed| (probe.id(), *seed)))
        .collect();
    let wrong: Vec<String> = each(&runs, |(probe, seed)| {
        let case = tried(probe, None, *seed);
        (case.outcome != Outcome::Pass).then(|| {
            format!(
                "{probe} with seed {seed}: {:?} {:?} {:?} {:?}",
                case.outcome, case.error, case.skip_reason, case.findings
            )
        })
    })
    .into_iter()
    .flatten()
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
