//! Takes the samples of all users into the figures of the run.

use std::io;
use std::time::{Duration, Instant};

use super::second::{Bin, Bins};
use super::tally::{Tally, count_error};
use super::{Log, Recorders, Sample};
use crate::record::load::{Errors, Operation, Second, encoded};

/// What is true at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauges {
    /// Users.
    pub users: u64,
    /// Requests under way.
    pub in_flight: u64,
}

/// The figures of a run.
#[derive(Clone, Debug)]
pub struct Figures {
    /// By operation, in the order of their indices; those that were never sent have a count of 0.
    pub operations: Vec<Operation>,
    /// All together.
    pub total: Operation,
    /// Second by second.
    pub series: Vec<Second>,
    /// Histograms of these seconds, in the encoding of a record; only where they were asked for.
    pub series_hdr: Vec<String>,
}

/// Takes samples in: once a second, and at the end.
pub struct Collector {
    start: Instant,
    /// When the run ends; what ends later is no part of its rate.
    end: Option<Instant>,
    warm_up: Duration,
    names: Vec<String>,
    recorders: Recorders,
    spare: Vec<Sample>,
    tallies: Vec<Tally>,
    bins: Bins,
    errors: Errors,
    series: Vec<Second>,
    series_hdr: Option<Vec<String>>,
    log: Option<Log>,
    trouble: Option<io::Error>,
}

impl Collector {
    /// A collector for operations of these names. What was wanted within `warm_up` from the start
    /// goes into the series alone.
    #[must_use]
    pub fn new(start: Instant, warm_up: Duration, names: Vec<String>) -> Self {
        Self {
            start,
            end: None,
            warm_up,
            tallies: names.iter().map(|_| Tally::default()).collect(),
            names,
            recorders: Recorders::default(),
            spare: Vec::new(),
            bins: Bins::default(),
            errors: Errors::default(),
            series: Vec::new(),
            series_hdr: None,
            log: None,
            trouble: None,
        }
    }

    /// Also writes each second, by operation, to a log for other tools.
    #[must_use]
    pub fn with_log(mut self, log: Log) -> Self {
        self.log = Some(log);
        self
    }

    /// Also keeps the histogram of each second, so that it can be added to those of other machines.
    #[must_use]
    pub fn with_seconds(mut self, wanted: bool) -> Self {
        self.series_hdr = wanted.then(Vec::new);
        self
    }

    /// Also knows when the run ends, where nothing stops it before.
    #[must_use]
    pub fn until(mut self, end: Instant) -> Self {
        self.end = Some(end);
        self
    }

    /// Where users get their recorders.
    #[must_use]
    pub fn recorders(&self) -> Recorders {
        self.recorders.clone()
    }

    /// Takes in what users wrote since the last time, and returns the seconds that are now complete.
    pub fn collect(&mut self, now: Instant, gauges: Gauges) -> &[Second] {
        self.drain();
        let before = now.saturating_duration_since(self.start).as_secs();
        // A user may have had the end of a second in hand while the buffers were swapped.
        let closed = self.bins.close(before.saturating_sub(1));
        let known = self.series.len();
        for bin in closed {
            self.close(&bin, gauges, Duration::from_secs(1));
        }
        self.series.get(known..).unwrap_or_default()
    }

    /// All operations together so far, without the warm-up.
    #[must_use]
    pub fn total(&self, now: Instant) -> Operation {
        self.summed().operation("", self.measured(now))
    }

    /// What went wrong since the start, the warm-up included.
    #[must_use]
    pub fn errors(&self) -> &Errors {
        &self.errors
    }

    /// All figures so far but those of seconds, without the warm-up.
    #[must_use]
    pub fn so_far(&self, now: Instant) -> Figures {
        let measured = self.measured(now);
        let named = self.names.iter().zip(&self.tallies);
        Figures {
            operations: named
                .map(|(name, tally)| tally.operation(name, measured))
                .collect(),
            total: self.total(now),
            series: Vec::new(),
            series_hdr: Vec::new(),
        }
    }

    /// One operation so far, without the warm-up; none where there is no such index.
    #[must_use]
    pub fn operation(&self, index: u16, now: Instant) -> Option<Operation> {
        let index = usize::from(index);
        let name = self.names.get(index)?;
        let tally = self.tallies.get(index)?;
        Some(tally.operation(name, self.measured(now)))
    }

    /// The figures of a run that ended, and trouble with its log.
    pub fn finish(mut self, end: Instant, gauges: Gauges) -> (Figures, io::Result<()>) {
        self.end = Some(self.end.map_or(end, |known| known.min(end)));
        self.drain();
        self.tallies.iter_mut().for_each(Tally::end);
        let ran = end.saturating_duration_since(self.start);
        let last = self.bins.last().unwrap_or(0).max(ran.as_secs());
        for bin in self.bins.close(last + 1) {
            let rest = ran.saturating_sub(Duration::from_secs(bin.at));
            let length = rest.min(Duration::from_secs(1));
            // Less than can be told is nothing.
            let length = Some(length).filter(|it| *it >= Duration::from_millis(1));
            // A run that ends on the second has no row for the next, unless something ended in it.
            if length.is_some() || bin.count > 0 {
                self.close(&bin, gauges, length.unwrap_or_default());
            }
        }
        let measured = self.measured(end);
        let figures = Figures {
            operations: self
                .names
                .iter()
                .zip(&self.tallies)
                .map(|(name, tally)| tally.operation(name, measured))
                .collect(),
            total: self.summed().operation("", measured),
            series: self.series,
            series_hdr: self.series_hdr.unwrap_or_default(),
        };
        let flushed = self.log.map_or(Ok(()), Log::finish);
        (figures, self.trouble.map_or(flushed, Err))
    }

    fn drain(&mut self) {
        let warm_up = u64::try_from(self.warm_up.as_micros()).unwrap_or(u64::MAX);
        let whole = self
            .end
            .map(|end| end.saturating_duration_since(self.start));
        let end = whole.and_then(|whole| u64::try_from(whole.as_micros()).ok());
        let end = end.unwrap_or(u64::MAX);
        let (tallies, bins, errors) = (&mut self.tallies, &mut self.bins, &mut self.errors);
        self.recorders.drain(&mut self.spare, |sample| {
            let in_time = sample.done_us <= end;
            bins.take(sample, in_time);
            count_error(errors, sample);
            let Some(tally) = tallies.get_mut(usize::from(sample.operation)) else {
                return;
            };
            if in_time && sample.done_us >= warm_up {
                tally.ended_in_time(sample);
            }
            if sample.wanted_us() >= warm_up {
                tally.take(sample);
            }
        });
    }

    fn close(&mut self, bin: &Bin, gauges: Gauges, length: Duration) {
        let whole = bin.whole();
        self.series
            .push(bin.row(&whole, gauges, length, self.warm_up));
        if let Some(kept) = &mut self.series_hdr {
            kept.push(encoded(&whole));
        }
        let Some(log) = &mut self.log else {
            return;
        };
        let named = bin.operations.iter().filter_map(|(index, histogram)| {
            let name = self.names.get(usize::from(*index))?;
            Some((name.as_str(), histogram))
        });
        let length = length.max(Duration::from_millis(1));
        if let Err(error) = log.write(bin.at, length, &whole, named) {
            // What can't be written is said once; the run goes on, and its figures with it.
            self.trouble = Some(error);
            self.log = None;
        }
    }

    fn summed(&self) -> Tally {
        let mut sum = Tally::default();
        for tally in &self.tallies {
            sum.merge(tally);
        }
        sum
    }

    fn measured(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.start)
            .saturating_sub(self.warm_up)
    }
}
