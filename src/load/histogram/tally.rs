//! The figures of one operation.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::{Ending, Sample};
use crate::record::load::{Errors, Latency, Operation, Retries, WIDEST, Wrongs, add, histogram};

/// Counts and histograms of one operation.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    count: u64,
    in_time: u64,
    good_in_time: u64,
    statuses: BTreeMap<u16, u64>,
    errors: Errors,
    retries: Retries,
    /// Requests that waited when the run ended, with their last try.
    waiting: Vec<Sample>,
    bytes_in: u64,
    bytes_out: u64,
    service: Histogram<u64>,
    response: Histogram<u64>,
    headers: Histogram<u64>,
    lateness: Histogram<u64>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            count: 0,
            in_time: 0,
            good_in_time: 0,
            statuses: BTreeMap::new(),
            errors: Errors::default(),
            retries: Retries::default(),
            waiting: Vec::new(),
            bytes_in: 0,
            bytes_out: 0,
            service: histogram(),
            response: histogram(),
            headers: histogram(),
            lateness: histogram(),
        }
    }
}

/// Takes a time into a histogram.
pub(super) fn take(histogram: &mut Histogram<u64>, micros: u32) {
    // The histogram grows up to the widest value, so that none is ever refused.
    let _ = histogram.record(u64::from(micros).min(WIDEST));
}

impl Tally {
    /// Takes a request. Times are those of complete answers, and of requests that ran into a limit
    /// of time: leaving those out would make a server that hangs look fast.
    pub(super) fn take(&mut self, sample: &Sample) {
        if sample.ending == Ending::Waiting {
            self.waiting.push(*sample);
            return;
        }
        if sample.ending == Ending::Refused {
            self.bytes_in += u64::from(sample.bytes_in);
            self.bytes_out += u64::from(sample.bytes_out);
            self.retries.count += 1;
            *self.retries.by_status.entry(sample.status).or_default() += 1;
            return;
        }
        self.count += 1;
        self.bytes_in += u64::from(sample.bytes_in);
        self.bytes_out += u64::from(sample.bytes_out);
        take(&mut self.lateness, sample.late_us);
        let answered = !matches!(sample.ending, Ending::Failed(_));
        let timed = match sample.ending {
            Ending::Failed(cause) => cause.is_timeout(),
            _ => true,
        };
        if timed {
            take(&mut self.service, sample.service_us);
            take(&mut self.response, sample.response_us);
        }
        if answered {
            take(&mut self.headers, sample.headers_us);
            *self.statuses.entry(sample.status).or_default() += 1;
        }
        count_error(&mut self.errors, sample);
    }

    /// Counts a request that came to its end within the time that is measured.
    pub(super) fn ended_in_time(&mut self, sample: &Sample) {
        if !sample.is_request() {
            return;
        }
        self.in_time += 1;
        self.good_in_time += u64::from(!sample.is_error());
    }

    /// The run is over. Whoever waits for its turn has no answer yet, which says nothing of the target, unless it
    /// never answered one of these requests well: then it refuses them all.
    pub(super) fn end(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if self.count > self.errors.count {
            self.retries.waiting += waiting.len() as u64;
            return;
        }
        for sample in waiting {
            self.take(&sample.ended(Ending::Status(None)));
        }
    }

    /// Adds another exactly.
    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.in_time += other.in_time;
        self.good_in_time += other.good_in_time;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        add(&mut self.statuses, &other.statuses);
        self.errors.merge(&other.errors);
        self.retries.merge(&other.retries);
        self.waiting.extend_from_slice(&other.waiting);
        for (to, from) in [
            (&mut self.service, &other.service),
            (&mut self.response, &other.response),
            (&mut self.headers, &other.headers),
            (&mut self.lateness, &other.lateness),
        ] {
            // Both grow up to the same widest value, so that one always holds the other.
            let _ = to.add(from);
        }
    }

    /// As the record has it.
    pub(super) fn operation(&self, name: &str, measured: Duration) -> Operation {
        Operation {
            name: name.to_owned(),
            count: self.count,
            in_time: self.in_time,
            good_in_time: self.good_in_time,
            rate: per_second(self.in_time, measured),
            statuses: self.statuses.clone(),
            errors: self.errors.clone(),
            retries: self.retries.clone(),
            wrong: Wrongs::default(),
            bytes_in: self.bytes_in,
            bytes_out: self.bytes_out,
            service: Latency::of(&self.service),
            response: Latency::of(&self.response),
            headers: Latency::of(&self.headers),
            lateness: Latency::of(&self.lateness),
        }
    }
}

/// Counts how a request ended that did not end as expected.
pub(super) fn count_error(errors: &mut Errors, sample: &Sample) {
    match sample.ending {
        Ending::Good | Ending::Refused | Ending::Waiting => return,
        Ending::Failed(cause) => bump(&mut errors.by_cause, cause.name()),
        Ending::Body => *errors.by_status.entry(sample.status).or_default() += 1,
        Ending::Status(scim_type) => {
            *errors.by_status.entry(sample.status).or_default() += 1;
            if let Some(scim_type) = scim_type {
                bump(&mut errors.by_scim_type, scim_type.keyword());
            }
        }
    }
    errors.count += 1;
}

fn bump(counts: &mut BTreeMap<String, u64>, key: &str) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}

/// How many a second; 0 where no time has passed.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of requests are far below 2^52"
)]
pub fn per_second(count: u64, over: Duration) -> f64 {
    if over.is_zero() {
        return 0.0;
    }
    count as f64 / over.as_secs_f64()
}
