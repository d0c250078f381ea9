//! The matrix: every fault of the embedded provider is found, under a requirement that it breaks, and
//! the faultless provider gets no finding.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use scimitar::provider::fault::{Declaration, Fault, registry};
use scimitar::record::{Outcome, RunRecord};
use scimitar::requirement::{Catalogue, Level, Requirement, Status};

use crate::golden;
use crate::in_process;

/// Cases that only a provider without a feature can be judged by.
const NOT_HERE: &[&str] = &[];

/// Requirements under which a run found something, and how bad it was.
pub(crate) fn found(record: &RunRecord) -> BTreeMap<String, Outcome> {
    let mut found = BTreeMap::new();
    for finding in record.cases.iter().flat_map(|case| &case.findings) {
        if matches!(
            finding.outcome,
            Outcome::Fail | Outcome::Warn | Outcome::Note
        ) {
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

/// What the scenarios find of a fault and, where it is declared to be found by a probe alone, what that probe does.
fn tried(one: &Declaration) -> Seen {
    let faults = || vec![Arc::clone(&one.fault)];
    let by_scenarios = found(&judge(faults(), 1));
    match &one.probe {
        None => Seen {
            found: by_scenarios,
            known: Vec::new(),
        },
        Some(probe) => Seen {
            found: found(&in_process::run_probe(probe, faults(), 1)),
            known: by_scenarios
                .into_iter()
                .filter(|(_, outcome)| *outcome != Outcome::Note)
                .map(|(id, _)| id)
                .collect(),
        },
    }
}

/// What was found of a fault.
struct Seen {
    found: BTreeMap<String, Outcome>,
    /// Of one that a probe alone is said to find: what scenarios find all the same.
    known: Vec<String>,
}

/// Does the work for each item on as many threads as there are cores, and keeps the order.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    let result = work(item);
                    done.lock().unwrap().push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Whether `FAULT` selects a fault (globs, separated by commas); all where it is not set.
pub(crate) fn chosen() -> impl Fn(&str) -> bool {
    let asked = std::env::var("FAULT").ok();
    let globs: Option<Vec<_>> = asked.map(|globs| {
        let globs = globs
            .split(',')
            .map(|glob| globset::Glob::new(glob).unwrap());
        globs.map(|glob| glob.compile_matcher()).collect()
    });
    move |name| {
        globs
            .as_ref()
            .is_none_or(|globs| globs.iter().any(|glob| glob.is_match(name)))
    }
}

/// The faults that `FAULT` selects, and whether they are all.
fn selected() -> (Vec<Declaration>, bool) {
    let mut all = registry::all();
    // What breaks nothing of the RFCs is for the packs of identity providers (kill.rs) and the probes (probe.rs).
    all.retain(|one| !one.breaks.is_empty());
    let (chosen, whole) = (chosen(), all.len());
    all.retain(|one| chosen(one.name()));
    let whole = all.len() == whole;
    (all, whole)
}

/// Whether what was found shows that a requirement is broken: a note does for an option only.
fn shows(catalogue: &Catalogue, id: &str, outcome: Option<&Outcome>) -> bool {
    let level = catalogue.get(id).map(|requirement| requirement.level);
    match outcome {
        Some(Outcome::Fail | Outcome::Warn) => true,
        Some(Outcome::Note) => level == Some(Level::May),
        _ => false,
    }
}

/// What strict grading makes of a fault: what is ambiguous is a note only for those who ask for no more.
fn strictly<'a>(
    one: &Declaration,
    made: &'a OnceCell<BTreeMap<String, Outcome>>,
) -> &'a BTreeMap<String, Outcome> {
    made.get_or_init(|| found(&in_process::run_strictly(vec![Arc::clone(&one.fault)])))
}

#[test]
fn every_fault_is_found_where_it_breaks_something() {
    let catalogue = Catalogue::embedded().expect("the embedded catalogue is sound");
    let (all, whole) = selected();
    let results = each(&all, tried);
    let mut wrong = Vec::new();
    let mut killed = BTreeSet::new();
    let mut matrix = String::from(
        "# Faults\n\nGenerated: each fault of the embedded provider, the requirements that it breaks, and where else a run \
         finds it. `fail` in bold, notes left out.\n\n\
         | fault | what goes wrong | breaks | found under too |\n|---|---|---|---|\n",
    );
    let mut subtle = String::from(
        "\n## Found by a probe alone\n\nNo scenario finds these: each takes a combination that somebody would have to think of.\n\n\
         | fault | what goes wrong | probe | breaks | found under too |\n|---|---|---|---|---|\n",
    );
    for (one, Seen { found, known }) in all.iter().zip(&results) {
        if !known.is_empty() {
            wrong.push(format!("{}: scenarios find it: {known:?}", one.name()));
        }
        let breaks: BTreeSet<&String> = one.breaks.iter().collect();
        let strict = OnceCell::new();
        let shown = |id: &str| {
            let outcome = found.get(id);
            let strict = || shows(&catalogue, id, strictly(one, &strict).get(id));
            shows(&catalogue, id, outcome) || outcome.is_some() && one.probe.is_none() && strict()
        };
        let (hit, missed): (Vec<&String>, Vec<&String>) = breaks.iter().partition(|id| shown(id));
        // What a probe blames follows from which example it draws first.
        if hit.is_empty() || !missed.is_empty() && one.probe.is_none() {
            wrong.push(format!(
                "{}: not found under {missed:?}; found {found:?}",
                one.name()
            ));
        }
        killed.extend(hit.into_iter().cloned());
        let named = |own: bool| -> String {
            let places: Vec<String> = found
                .iter()
                .filter(|(id, outcome)| {
                    breaks.contains(id) == own && (own || **outcome != Outcome::Note)
                })
                .map(|(id, outcome)| match outcome {
                    Outcome::Fail => format!("**{id}**"),
                    _ => id.clone(),
                })
                .collect();
            places.join(", ")
        };
        let (own, others) = (named(true), named(false));
        let _ = match &one.probe {
            None => writeln!(
                matrix,
                "| {} | {} | {own} | {others} |",
                one.name(),
                one.title
            ),
            Some(probe) => writeln!(
                subtle,
                "| {} | {} | {probe} | {own} | {others} |",
                one.name(),
                one.title
            ),
        };
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
    if whole {
        let survivors = survivors(&catalogue, &killed);
        matrix.push_str(&subtle);
        matrix.push_str(&excused(&survivors));
        golden::check("fixtures/fault/MATRIX.md", &matrix);
        let unproven: Vec<&str> = survivors
            .iter()
            .filter(|one| one.no_fault.is_empty())
            .map(|one| one.id.as_str())
            .collect();
        assert!(
            unproven.is_empty(),
            "tested, broken by no fault, and no reason why: {unproven:?}"
        );
    }
}

/// The tested requirements of the RFCs that no fault breaks.
fn survivors<'a>(catalogue: &'a Catalogue, killed: &BTreeSet<String>) -> Vec<&'a Requirement> {
    catalogue
        .iter()
        .filter(|one| one.pack == in_process::RFC && one.status == Status::Tested)
        .filter(|one| !killed.contains(&one.id))
        .collect()
}

/// The survivors as a table.
fn excused(survivors: &[&Requirement]) -> String {
    let mut text =
        String::from("\n## Tested, and broken by no fault\n\n| requirement | why |\n|---|---|\n");
    for one in survivors {
        let _ = writeln!(text, "| {} | {} |", one.id, one.no_fault);
    }
    text
}

#[test]
fn the_faultless_provider_gets_no_finding_with_fifty_seeds() {
    let seeds: Vec<u64> = (0..50).collect();
    let wrong: Vec<String> = each(&seeds, |seed| complaints(*seed)).concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a run against the faultless provider found, skipped or could not do.
fn complaints(seed: u64) -> Vec<String> {
    let record = judge(Vec::new(), seed);
    let mut wrong: Vec<String> = record
        .cases
        .iter()
        .filter(|case| {
            matches!(
                case.outcome,
                Outcome::Fail | Outcome::Warn | Outcome::Error | Outcome::Skip
            )
        })
        .filter(|case| !NOT_HERE.contains(&case.id.as_str()))
        .map(|case| {
            format!(
                "seed {seed}: {} {:?} {:?} {:?} {:?}",
                case.id, case.outcome, case.error, case.skip_reason, case.findings
            )
        })
        .collect();
    if record.outcome.exit_code != 0 {
        wrong.push(format!("seed {seed}: {:?}", record.outcome));
    }
    wrong
}
