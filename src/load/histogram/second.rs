//! The seconds of a run that samples may still belong to.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::tally::{per_second, take};
use super::{Ending, Gauges, Sample};
use crate::record::load::{Second, histogram};

/// One second: counts, and the response times of each operation.
pub(super) struct Bin {
    pub(super) at: u64,
    pub(super) count: u64,
    /// Of those, such as ended while the run lasted.
    in_time: u64,
    errors: u64,
    pub(super) operations: BTreeMap<u16, Histogram<u64>>,
}

impl Bin {
    /// All operations together.
    pub(super) fn whole(&self) -> Histogram<u64> {
        let mut whole = histogram();
        for one in self.operations.values() {
            // Both grow up to the same widest value, so that one always holds the other.
            let _ = whole.add(one);
        }
        whole
    }

    /// As the record has it; `length` is the part of the second that the run lasted, none after its end.
    pub(super) fn row(
        &self,
        whole: &Histogram<u64>,
        gauges: Gauges,
        length: Duration,
        warm_up: Duration,
    ) -> Second {
        let at = |share: f64| whole.value_at_quantile(share).min(whole.max());
        Second {
            at: self.at,
            count: self.count,
            errors: self.errors,
            rate: per_second(self.in_time, length),
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            users: gauges.users,
            in_flight: gauges.in_flight,
            warm_up: Duration::from_secs(self.at) < warm_up,
        }
    }
}

/// The seconds that are still open.
#[derive(Default)]
pub(super) struct Bins {
    open: BTreeMap<u64, Bin>,
    /// The first second that may still take samples.
    first: u64,
}

impl Bins {
    /// Takes a request into the second in which it ended; into the oldest open one, if that is closed.
    /// `in_time` says whether the run lasted still.
    pub(super) fn take(&mut self, sample: &Sample, in_time: bool) {
        if !sample.is_request() {
            return;
        }
        let second = (sample.done_us / 1_000_000).max(self.first);
        let bin = self.open.entry(second);
        let bin = bin.or_insert_with(|| Bin::new(second));
        bin.count += 1;
        bin.in_time += u64::from(in_time);
        bin.errors += u64::from(sample.is_error());
        let has_time = match sample.ending {
            Ending::Failed(cause) => cause.is_timeout(),
            _ => true,
        };
        if has_time {
            let histogram_of = bin.operations.entry(sample.operation);
            take(histogram_of.or_insert_with(histogram), sample.response_us);
        }
    }

    /// Closes all seconds before this one, also those in which nothing ended.
    pub(super) fn close(&mut self, before: u64) -> Vec<Bin> {
        let closed = (self.first..before)
            .map(|at| self.open.remove(&at).unwrap_or_else(|| Bin::new(at)))
            .collect();
        self.first = self.first.max(before);
        closed
    }

    /// The last second that anything ended in.
    pub(super) fn last(&self) -> Option<u64> {
        self.open.keys().next_back().copied()
    }
}

impl Bin {
    fn new(at: u64) -> Self {
        Self {
            at,
            count: 0,
            in_time: 0,
            errors: 0,
            operations: BTreeMap::new(),
        }
    }
}
