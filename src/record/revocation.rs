//! How long it takes until a change that ends somebody's access can be seen, by id, by filter, in groups:
//! what single cases measured, and percentiles over all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::CaseRecord;

/// One measurement of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Sighting {
    /// The change and where it is looked for: `disable.by-filter`.
    pub measure: String,
    /// From the acknowledged change to the first answer that showed it, microseconds on the target's clock; where
    /// none did, for how long it was looked for.
    pub us: u64,
    /// Whether an answer showed it.
    pub seen: bool,
    /// Whether an answer that was asked for after the time allowed still showed the old state.
    pub late: bool,
}

/// How long changes that end somebody's access took to be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Revocation {
    /// Time allowed, in milliseconds.
    pub within_ms: u64,
    /// One row for each change and each place where it was looked for.
    pub rows: Vec<Latency>,
}

/// The measurements of one change at one place. Percentiles are measured values (nearest rank); a change that was
/// never seen stands last, with the time for which it was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Latency {
    /// The change: `disable`, `remove-member`, `delete-user`, `delete-group`.
    pub change: String,
    /// Where it was looked for: `by-id`, `by-filter`, `in-group`, `in-user-groups`.
    pub place: String,
    /// Measurements.
    pub n: u64,
    /// Half were seen by then, microseconds.
    pub p50_us: u64,
    /// Nineteen of twenty were seen by then, microseconds.
    pub p95_us: u64,
    /// The slowest, microseconds.
    pub max_us: u64,
    /// How many took longer than is allowed.
    pub late: u64,
    /// How many were never seen.
    pub unseen: u64,
}

/// The measurements of a run; none where nothing was measured.
pub(super) fn revocation<'a>(
    within_ms: u64,
    cases: impl IntoIterator<Item = &'a CaseRecord>,
) -> Option<Revocation> {
    let mut rows: BTreeMap<&str, Vec<&Sighting>> = BTreeMap::new();
    for sighting in cases.into_iter().flat_map(|case| &case.measured) {
        rows.entry(&sighting.measure).or_default().push(sighting);
    }
    if rows.is_empty() {
        return None;
    }
    let rows = rows
        .into_iter()
        .map(|(measure, sightings)| latency(measure, sightings))
        .collect();
    Some(Revocation { within_ms, rows })
}

fn latency(measure: &str, mut sightings: Vec<&Sighting>) -> Latency {
    sightings.sort_by_key(|one| (!one.seen, one.us));
    let (change, place) = measure.split_once('.').unwrap_or((measure, ""));
    let count = |which: fn(&Sighting) -> bool| {
        let matching = sightings.iter().filter(|one| which(one));
        matching.count() as u64
    };
    Latency {
        change: change.to_owned(),
        place: place.to_owned(),
        n: sightings.len() as u64,
        p50_us: percentile(&sightings, 50),
        p95_us: percentile(&sightings, 95),
        max_us: percentile(&sightings, 100),
        late: count(|one| one.late),
        unseen: count(|one| !one.seen),
    }
}

/// The smallest value that this many of a hundred do not exceed (nearest rank).
fn percentile(sorted: &[&Sighting], of_hundred: usize) -> u64 {
    let rank = (sorted.len() * of_hundred).div_ceil(100);
    sorted
        .get(rank.saturating_sub(1))
        .map_or(0, |sighting| sighting.us)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// p50, p95, maximum, late, unseen.
    #[track_caller]
    fn check(sightings: &[(u64, bool, bool)], expected: [u64; 5]) {
        let sightings: Vec<Sighting> = sightings
            .iter()
            .map(|(us, seen, late)| Sighting {
                measure: "disable.by-id".to_owned(),
                us: *us,
                seen: *seen,
                late: *late,
            })
            .collect();
        let row = latency("disable.by-id", sightings.iter().collect());
        let found = [row.p50_us, row.p95_us, row.max_us, row.late, row.unseen];
        assert_eq!(found, expected, "{sightings:?}");
        assert_eq!(
            (row.change.as_str(), row.place.as_str()),
            ("disable", "by-id")
        );
        assert_eq!(row.n, sightings.len() as u64);
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        check(&[(7, true, false)], [7, 7, 7, 0, 0]);
        check(&[(9, true, false), (1, true, false)], [1, 9, 9, 0, 0]);
        let hundred: Vec<_> = (1..=100).rev().map(|us| (us, true, us > 97)).collect();
        check(&hundred, [50, 95, 100, 3, 0]);
    }

    #[test]
    fn what_was_never_seen_is_slower_than_all_that_was() {
        check(
            &[(4, true, false), (3, false, true), (90, true, true)],
            [90, 3, 3, 2, 1],
        );
    }
}
