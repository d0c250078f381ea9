//! The table of how long changes that end somebody's access took to be seen.

use serde::Serialize;

use super::page::{Mark, clean};
use crate::record::{Outcome, RunRecord};
use crate::report::word;

/// The table.
#[derive(Serialize)]
pub(super) struct RevocationView {
    within: String,
    rows: Vec<LatencyView>,
}

#[derive(Serialize)]
struct LatencyView {
    mark: Mark,
    change: String,
    place: String,
    n: u64,
    p50: String,
    p95: String,
    max: String,
    late: u64,
    unseen: u64,
}

/// The table, where something was measured.
pub(super) fn revocation(record: &RunRecord) -> Option<RevocationView> {
    /// Rows at most.
    const ROWS: usize = 100;
    let revocation = record.revocation.as_ref()?;
    let rows = revocation.rows.iter().take(ROWS).map(|row| LatencyView {
        mark: Mark::outcome(if row.late > 0 || row.unseen > 0 {
            Outcome::Warn
        } else {
            Outcome::Pass
        }),
        change: clean(word::change(&row.change), 100),
        place: clean(word::place(&row.place), 100),
        n: row.n,
        p50: word::micros(row.p50_us),
        p95: word::micros(row.p95_us),
        max: word::micros(row.max_us),
        late: row.late.saturating_sub(row.unseen),
        unseen: row.unseen,
    });
    Some(RevocationView {
        within: word::allowed(revocation.within_ms),
        rows: rows.collect(),
    })
}
