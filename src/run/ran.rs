//! What one case left behind: judgements, evidence, measurements.

use super::tally::Tally;
use crate::exchange::Exchange;
use crate::record::revocation::Sighting;

/// What a case left behind.
#[derive(Default)]
pub(super) struct Ran {
    /// Its judgements.
    pub(super) tally: Tally,
    /// The exchange at which it ended early.
    pub(super) cited: Vec<Exchange>,
    /// The longest time in milliseconds for which `until` had to repeat.
    pub(super) lag_ms: Option<u64>,
    /// How much was tried without a finding.
    pub(super) told: Option<String>,
    /// Whether it takes rivals to see what was found: no request shows it alone.
    pub(super) rivals: bool,
    /// How long its changes took to be seen.
    pub(super) measured: Vec<Sighting>,
}

impl Ran {
    /// A case that was not run: why.
    pub(super) fn skipped(case: &str, why: &str) -> Self {
        let mut ran = Self::default();
        ran.tally.skipped((case.to_owned(), 0), why);
        ran
    }

    /// A case that broke down: why.
    pub(super) fn failed(why: &str) -> Self {
        let mut ran = Self::default();
        ran.tally.failed(why);
        ran
    }
}
