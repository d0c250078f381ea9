//! A rate that rises until a threshold breaks: each step is judged by its own figures.
//!
//! A step says something of the target only where its requests were sent: where they waited for a free connection and
//! not for the target, the search ends without a verdict.

use std::time::Duration;

use super::schedule::rates;
use crate::load::histogram::Figures;
use crate::load::threshold::{self, Measured};
use crate::record::load::{Breakpoint, Latency, Operation};
use crate::suite::load::{LoadProfile, Metric, Model, Shape, Threshold};

/// Share of a step's requests that have to come to an end in it, where those before it leave no more room.
const DELIVERED: f64 = 0.9;

/// Looks for the rate at which a threshold breaks.
#[derive(Debug)]
pub(super) struct Rising {
    rates: Vec<f64>,
    every: Duration,
    warm_up: Duration,
    at: usize,
    before: Option<Figures>,
    pub(super) found: Breakpoint,
    /// Why this machine and not the target was the limit.
    pub(super) starved: Option<String>,
}

/// Which times of an operation are looked at.
type Times = fn(&Operation) -> &Latency;

const RESPONSE: Times = |operation| &operation.response;
const SERVICE: Times = |operation| &operation.service;
const LATENESS: Times = |operation| &operation.lateness;

impl Rising {
    /// For a profile whose rate rises.
    pub(super) fn of(profile: &LoadProfile) -> Option<Self> {
        let Model::Open(arrival) = &profile.model else {
            return None;
        };
        let Shape::Breakpoint { every, .. } = &arrival.shape else {
            return None;
        };
        Some(Self {
            rates: rates(&arrival.shape).take(100_000).collect(),
            every: *every,
            warm_up: profile.warm_up,
            at: 0,
            before: None,
            found: Breakpoint::default(),
            starved: None,
        })
    }

    /// Whether a rate has been held for its time, that from the start on.
    pub(super) fn is_due(&self, elapsed: Duration) -> bool {
        let nth = u32::try_from(self.at + 1).unwrap_or(u32::MAX);
        self.at < self.rates.len() && elapsed >= self.warm_up + self.every * nth
    }

    /// Judges the rate that was held by all figures so far; says why, where the search ends with it.
    pub(super) fn judge(&mut self, thresholds: &[Threshold], now: Figures) -> Option<String> {
        let rate = self.rates.get(self.at).copied()?;
        self.at += 1;
        let step = Step {
            before: self.before.as_ref(),
            now: &now,
            length: self.every,
        };
        let crossed = thresholds.iter().find(|one| step.crosses(one));
        let starved = match crossed {
            Some(one) => step.starves(one),
            None => step.is_late(None) && step.delivered(rate) < DELIVERED,
        };
        self.before = Some(now);
        if starved {
            let why = format!(
                "at {rate} requests a second requests waited for a free connection, not for the target; --connections gives more"
            );
            self.starved = Some(why.clone());
            return Some(why);
        }
        let Some(threshold) = crossed else {
            // Where nothing is bounded nothing was held.
            if !thresholds.is_empty() {
                self.found.last_good_rate = Some(rate);
            }
            return None;
        };
        self.found.broken_at_rate = Some(rate);
        self.found.threshold = Some(threshold.text.clone());
        Some(format!(
            "{} broke at {rate} requests a second",
            threshold.text
        ))
    }
}

/// What came in one step.
struct Step<'a> {
    before: Option<&'a Figures>,
    now: &'a Figures,
    length: Duration,
}

impl Step<'_> {
    /// Whether a threshold is crossed. One whose operation was not sent in this step is not.
    fn crosses(&self, threshold: &Threshold) -> bool {
        let of = self.measured(Some(threshold), RESPONSE);
        if threshold.operation.is_some() && of.count == 0 {
            return false;
        }
        !holds(threshold, &of)
    }

    /// Whether a threshold is crossed for want of a connection: counted from the send, the target keeps to it.
    fn starves(&self, threshold: &Threshold) -> bool {
        match threshold.metric {
            Metric::Percentile(_) | Metric::Max | Metric::Mean => {
                holds(threshold, &self.measured(Some(threshold), SERVICE))
            }
            Metric::Rate => self.is_late(Some(threshold)),
            Metric::ErrorRate | Metric::StaleRate | Metric::Wrong(_) => false,
        }
    }

    /// Whether most requests waited longer to be sent than to be answered.
    fn is_late(&self, threshold: Option<&Threshold>) -> bool {
        let middle = |times| {
            self.measured(threshold, times)
                .response
                .value_at_quantile(0.5)
        };
        middle(LATENESS) > middle(SERVICE)
    }

    /// The share of the requests of a rate that came to an end.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn delivered(&self, rate: f64) -> f64 {
        let wanted = rate * self.length.as_secs_f64();
        self.measured(None, SERVICE).count as f64 / wanted.max(1.0)
    }

    /// The figures of what a threshold is about.
    fn measured(&self, threshold: Option<&Threshold>, times: Times) -> Measured {
        let mut sum = Measured::of([], self.length.as_secs_f64());
        let Some(threshold) = threshold.filter(|it| it.operation.is_some()) else {
            let before = self.before.map(|figures| &figures.total);
            add(&mut sum, before, &self.now.total, times);
            return sum;
        };
        for (at, operation) in self.now.operations.iter().enumerate() {
            if threshold.names(&operation.name) {
                let before = self.before.and_then(|figures| figures.operations.get(at));
                add(&mut sum, before, operation, times);
            }
        }
        sum
    }
}

fn holds(threshold: &Threshold, of: &Measured) -> bool {
    threshold::measure(threshold.metric, of)
        .is_some_and(|it| threshold.comparison.holds(it, threshold.bound))
}

/// Adds what came to an operation after an earlier moment.
fn add(sum: &mut Measured, before: Option<&Operation>, now: &Operation, times: Times) {
    let before = before.cloned().unwrap_or_default();
    sum.count += now.count.saturating_sub(before.count);
    let errors = now.errors.count.saturating_sub(before.errors.count);
    sum.errors += errors;
    sum.good_in_time += now.good_in_time.saturating_sub(before.good_in_time);
    sum.wrong.merge(&now.wrong.since(&before.wrong));
    if let Ok(all) = times(now).histogram() {
        // What was there before is part of what is there now, and both are of the same make.
        let _ = sum.response.add(all);
    }
    if let Ok(earlier) = times(&before).histogram() {
        let _ = sum.response.subtract(earlier);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::load::{Errors, histogram};

    /// Figures of two operations after so many requests each, with times in milliseconds.
    fn figures(steps: &[[(u64, u64, u64); 2]]) -> Figures {
        let operation = |name: &str, of: &[usize]| {
            let (mut count, mut response, mut service, mut late) =
                (0, histogram(), histogram(), histogram());
            for step in steps {
                for (n, service_ms, late_ms) in of.iter().map(|at| step[*at]) {
                    count += n;
                    service.record_n(service_ms * 1000, n).unwrap();
                    late.record_n(late_ms * 1000, n).unwrap();
                    response.record_n((service_ms + late_ms) * 1000, n).unwrap();
                }
            }
            Operation {
                name: name.to_owned(),
                count,
                good_in_time: count,
                errors: Errors::default(),
                response: Latency::of(&response),
                service: Latency::of(&service),
                lateness: Latency::of(&late),
                ..Operation::default()
            }
        };
        Figures {
            operations: vec![operation("user.match", &[0]), operation("user.read", &[1])],
            total: operation("", &[0, 1]),
            series: Vec::new(),
            series_hdr: Vec::new(),
        }
    }

    fn rising() -> Rising {
        Rising {
            rates: vec![100.0, 200.0, 300.0],
            every: Duration::from_secs(1),
            warm_up: Duration::from_secs(3),
            at: 0,
            before: None,
            found: Breakpoint::default(),
            starved: None,
        }
    }

    #[test]
    fn each_step_is_judged_by_its_own_figures_and_by_every_threshold() {
        let quick = [(50, 10, 0), (50, 10, 0)];
        // Last rate that held, first that broke, whether this machine was the limit.
        let check = |texts: &[&str],
                     second: [(u64, u64, u64); 2],
                     wanted: (Option<f64>, Option<f64>, bool)| {
            let thresholds: Vec<Threshold> = texts
                .iter()
                .map(|text| Threshold::parse(text).unwrap())
                .collect();
            let mut rising = rising();
            let ended = rising.judge(&thresholds, figures(&[quick])).is_some()
                || rising
                    .judge(&thresholds, figures(&[quick, second]))
                    .is_some();
            let found = &rising.found;
            let got = (
                found.last_good_rate,
                found.broken_at_rate,
                rising.starved.is_some(),
            );
            assert_eq!(got, wanted, "{texts:?} {second:?}");
            assert_eq!(ended, wanted.1.is_some() || wanted.2, "{texts:?}");
        };
        let fine = [(100, 10, 0), (100, 10, 0)];
        let slow = [(100, 10, 0), (100, 900, 0)];
        check(&["p99<500ms"], fine, (Some(200.0), None, false));
        check(&["p99<500ms"], slow, (Some(100.0), Some(200.0), false));
        check(
            &["user.read p99<500ms"],
            slow,
            (Some(100.0), Some(200.0), false),
        );
        check(&["user.match p99<500ms"], slow, (Some(200.0), None, false));
        check(&["user.match p99<1us"], fine, (None, Some(100.0), false));
        // What was not sent in a step has crossed nothing.
        let alone = [(200, 10, 0), (0, 0, 0)];
        check(&["user.read p99<500ms"], alone, (Some(200.0), None, false));
        // The target answers in 10 ms whatever was sent: the wait was for a connection.
        let queued = [(60, 10, 900), (60, 10, 900)];
        check(&["p99<500ms"], queued, (Some(100.0), None, true));
        check(
            &["rps>=90"],
            [(40, 10, 900), (40, 10, 900)],
            (Some(100.0), None, true),
        );
        check(&["error-rate<1%"], queued, (Some(100.0), None, true));
        check(
            &["rps>=90"],
            [(40, 10, 0), (40, 10, 0)],
            (Some(100.0), Some(200.0), false),
        );
        check(&[], fine, (None, None, false));
    }

    #[test]
    fn no_step_is_judged_before_the_warm_up_is_over() {
        let second = Duration::from_secs;
        let mut rising = rising();
        assert!(!rising.is_due(second(3)));
        assert!(rising.is_due(second(4)));
        rising.judge(&[], figures(&[]));
        assert!(!rising.is_due(second(4)) && rising.is_due(second(5)));
    }
}
