//! One probe: what it saw, gathered into a tally as the steps of a scenario are.

use super::ran::Ran;
use super::rig::Rig;
use super::tally::Seen;
use crate::probe::Probe;

/// Sightings of one cause that are counted one by one.
const MAX_COUNTED: u64 = 1_000;

/// Tries the law.
pub(super) async fn run(leaf: &'static dyn Probe, case: &str, rig: &Rig) -> Ran {
    let arena = rig.arena(case);
    let report = leaf.run(&arena).await;
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
    if let Some(why) = report.skipped {
        ran.tally.skipped((case.to_owned(), 0), &why);
    }
    if let Some((why, exchanges)) = report.error {
        ran.tally.failed(why);
        ran.cited.extend(exchanges);
    }
    ran
}
