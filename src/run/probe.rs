//! One probe: what it saw, gathered into a tally as the steps of a scenario are; what it found, repeated as
//! scenarios and handed on.

use std::sync::{Arc, PoisonError};

use super::preflight;
use super::ran::Ran;
use super::rig::Rig;
use super::scenario;
use super::tally::Seen;
use crate::check::{Judgement, expect};
use crate::probe::replay::File;
use crate::probe::{Arena, Effort, Probe, Replay, Report, Sighting};
use crate::record::Outcome;
use crate::suite::{Vocabulary, read_text};

/// Sightings of one cause that are counted one by one.
const MAX_COUNTED: u64 = 1_000;

/// Takes what probes found, as scenarios.
pub trait Shelf: Send + Sync {
    /// Whether a file is there already.
    fn holds(&self, pack: &str, file: &File) -> bool;

    /// A new one; `repeats` says whether it failed when it was run at once.
    fn put(&self, pack: &str, file: &File, repeats: bool);
}

/// Tries the law.
pub(super) async fn run(leaf: &'static dyn Probe, case: &str, rig: &Rig, effort: Effort) -> Ran {
    let report = tried(leaf, case, rig, effort).await;
    let mut ran = Ran::default();
    for (rank, sighting) in report.sightings.iter().enumerate() {
        let seen = Seen {
            requirement: sighting.requirement,
            check: "probe",
            judgement: &sighting.judgement,
            exchange: &sighting.exchange,
            rank: (case, rank as u64),
        };
        for _ in 0..sighting.times.min(MAX_COUNTED) {
            ran.tally.add(rig.rules(), &seen);
        }
    }
    ran.told = report.told;
    ran.rivals = report.rivals;
    if let Some(why) = report.skipped {
        ran.tally.skipped((case.to_owned(), 0), &why);
    }
    if let Some((why, exchanges)) = report.error {
        ran.tally.failed(why);
        ran.cited.extend(exchanges);
    }
    if let Some(shelf) = &rig.shelf {
        for replay in &report.replays {
            shelve(replay, leaf.id(), &**shelf, rig).await;
        }
    }
    ran
}

/// What the probe says; where it blames a target whose reads turn out to lag now and then, what it says once it waits
/// for them.
async fn tried(leaf: &'static dyn Probe, case: &str, rig: &Rig, effort: Effort) -> Report {
    let report = leaf.run(&rig.arena(case, effort)).await;
    let blames = |one: &Sighting| matches!(one.judgement, Judgement::Broken(_));
    let known = rig.window().is_some() || leaf.writes(effort) == 0;
    if known || rig.stop.is_asked() || !report.sightings.iter().any(blames) {
        return report;
    }
    let behind = preflight::lags(rig, case).await;
    if behind.is_empty() {
        return report;
    }
    rig.late
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .extend(behind);
    let arena = rig.arena(case, effort);
    let scope = arena.scope.clone().renamed(&format!("{case}.again"));
    leaf.run(&Arena { scope, ..arena }).await
}

/// Hands a counterexample on as a scenario, unless it is known already.
async fn shelve(replay: &Replay, probe: &str, shelf: &dyn Shelf, rig: &Rig) {
    let file = replay.file(probe);
    let pack = rig.catalogue.pack_of(replay.requirement).unwrap_or("rfc");
    if !shelf.holds(pack, &file) {
        let repeats = repeats(pack, &file, rig).await;
        shelf.put(pack, &file, repeats);
    }
}

/// Whether a scenario fails on the target now: one that does not would be of no use.
async fn repeats(pack: &str, file: &File, rig: &Rig) -> bool {
    let vocabulary = Vocabulary {
        checks: expect::all(),
        catalogue: &rig.catalogue,
    };
    let Ok(scenario) = read_text(pack, &file.id, &file.text, &vocabulary) else {
        return false;
    };
    let Some(case) = Arc::new(scenario).cases().into_iter().next() else {
        return false;
    };
    let ran = scenario::run(&case, rig).await;
    let outcome = ran.tally.total(rig.rules(), &[]).outcome;
    matches!(outcome, Outcome::Fail | Outcome::Warn | Outcome::Note)
}
