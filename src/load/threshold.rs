//! Thresholds against what was measured.

use hdrhistogram::Histogram;

use crate::load::histogram::Figures;
use crate::record::load::{self, Latency, Operation, Wrongs, histogram};
use crate::suite::load::{Metric, Threshold, Wrong};

/// Figures that a threshold is held against.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Requests.
    pub count: u64,
    /// Of those, errors.
    pub errors: u64,
    /// Requests that came to a good end within the time.
    pub good_in_time: u64,
    /// What was answered wrongly.
    pub wrong: Wrongs,
    /// Time that was measured.
    pub seconds: f64,
    /// Response times in microseconds.
    pub response: Histogram<u64>,
}

impl Measured {
    /// The figures of several operations together.
    #[must_use]
    pub fn of<'a>(operations: impl IntoIterator<Item = &'a Operation>, seconds: f64) -> Self {
        Self::by(operations, seconds, |one| &one.response)
    }

    fn by<'a>(
        operations: impl IntoIterator<Item = &'a Operation>,
        seconds: f64,
        time: fn(&Operation) -> &Latency,
    ) -> Self {
        let mut sum = Self {
            count: 0,
            errors: 0,
            good_in_time: 0,
            wrong: Wrongs::default(),
            seconds,
            response: histogram(),
        };
        for one in operations {
            sum.count += one.count;
            sum.errors += one.errors.count;
            sum.good_in_time += one.good_in_time;
            sum.wrong.merge(&one.wrong);
            if let Ok(response) = time(one).histogram() {
                // Both are of the same make.
                let _ = sum.response.add(response);
            }
        }
        sum
    }
}

/// What a metric comes to: milliseconds, a share, requests a second; none where nothing was measured.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "counts and microseconds are far below 2^52"
)]
pub fn measure(metric: Metric, of: &Measured) -> Option<f64> {
    let some = |value: f64| (!of.response.is_empty()).then_some(value);
    match metric {
        Metric::Percentile(percent) => some(
            of.response
                .value_at_quantile(percent / 100.0)
                .min(of.response.max()) as f64
                / 1000.0,
        ),
        Metric::Max => some(of.response.max() as f64 / 1000.0),
        Metric::Mean => some(of.response.mean() / 1000.0),
        Metric::ErrorRate => (of.count > 0).then(|| of.errors as f64 / of.count as f64),
        Metric::StaleRate => (of.count > 0).then(|| of.wrong.stale_read as f64 / of.count as f64),
        Metric::Wrong(kind) => (of.count > 0).then(|| wrong(kind, &of.wrong) as f64),
        // What was refused or wrong is no throughput.
        Metric::Rate => Some(of.good_in_time as f64 / of.seconds.max(0.001)),
    }
}

/// Holds every threshold against the figures of a run. One whose operation was never sent is crossed.
#[must_use]
pub fn judge(thresholds: &[Threshold], figures: &Figures, seconds: f64) -> Vec<load::Threshold> {
    thresholds
        .iter()
        .map(|one| {
            let named = figures.operations.iter().filter(|it| one.names(&it.name));
            let measured = if one.operation.is_some() {
                Measured::of(named, seconds)
            } else {
                Measured::of([&figures.total], seconds)
            };
            let value = measure(one.metric, &measured);
            load::Threshold {
                text: one.text.clone(),
                measured: value.map_or_else(|| "nothing".to_owned(), |it| shown(one.metric, it)),
                held: value.is_some_and(|it| one.comparison.holds(it, one.bound)),
            }
        })
        .collect()
}

/// Whether a threshold is crossed even by the requests that were sent, timed from the send: then more of them, or sooner
/// ones, could only have made it worse. A rate is not among them, since fewer were sent than were wanted.
#[must_use]
pub fn crossed_as_sent(
    judged: &[load::Threshold],
    operations: &[Operation],
    total: &Operation,
) -> bool {
    judged.iter().filter(|one| !one.held).any(|one| {
        let Ok(threshold) = Threshold::parse(&one.text) else {
            return false;
        };
        let named = operations.iter().filter(|it| threshold.names(&it.name));
        let measured = if threshold.operation.is_some() {
            Measured::by(named, 0.0, |one| &one.service)
        } else {
            Measured::by([total], 0.0, |one| &one.service)
        };
        threshold.metric != Metric::Rate
            && measure(threshold.metric, &measured)
                .is_some_and(|it| !threshold.comparison.holds(it, threshold.bound))
    })
}

fn wrong(kind: Wrong, of: &Wrongs) -> u64 {
    match kind {
        Wrong::Certain => of.certain(),
        Wrong::LostWrite => of.lost_write,
        Wrong::Duplicate => of.duplicate,
        Wrong::FullChecks => of.full_checks_failed,
        Wrong::Stale => of.stale_read,
    }
}

fn shown(metric: Metric, value: f64) -> String {
    match metric {
        Metric::ErrorRate | Metric::StaleRate => format!("{:.3}%", value * 100.0),
        Metric::Wrong(_) => format!("{value:.0}"),
        Metric::Rate => format!("{value:.2}"),
        _ if value >= 1000.0 => format!("{:.2}s", value / 1000.0),
        _ => format!("{value:.2}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::load::{Errors, Latency};

    #[test]
    fn thresholds_are_held_against_their_operations() {
        let operation = |name: &str, count, errors, micros: u64| {
            let mut response = histogram();
            response.record_n(micros, count).unwrap();
            Operation {
                name: name.to_owned(),
                count,
                in_time: count,
                good_in_time: count - errors,
                errors: Errors {
                    count: errors,
                    ..Errors::default()
                },
                response: Latency::of(&response),
                ..Operation::default()
            }
        };
        let wrong = Wrongs {
            lost_write: 1,
            duplicate: 2,
            stale_read: 10,
            full_checks_failed: 0,
        };
        let wrongly = |operation| Operation { wrong, ..operation };
        let figures = Figures {
            operations: vec![
                operation("user.match", 90, 0, 5_000),
                wrongly(operation("user.create", 10, 1, 300_000)),
            ],
            total: wrongly(operation("", 100, 1, 20_000)),
            series: Vec::new(),
            series_hdr: Vec::new(),
        };
        let check = |text: &str, held: bool, measured: &str| {
            let judged = judge(&[Threshold::parse(text).unwrap()], &figures, 4.0);
            assert_eq!(
                (judged[0].held, judged[0].measured.as_str()),
                (held, measured),
                "{text}"
            );
        };
        check("p99<50ms", true, "20.02ms");
        check("error-rate<1%", false, "1.000%");
        check("error-rate<=1%", true, "1.000%");
        // One of the hundred was an error.
        check("rps>=24.75", true, "24.75");
        check("rps>24.75", false, "24.75");
        check("wrong<1", false, "3");
        check("user.match wrong<1", true, "0");
        check("user.create lost-writes<=1", true, "1");
        check("duplicates<2", false, "2");
        check("failed-checks<1", true, "0");
        check("stale-reads<=9", false, "10");
        check("stale-rate<=10%", true, "10.000%");
        check("user.match p99<6ms", true, "5.00ms");
        check("user.create p50<200ms", false, "300.03ms");
        check("user.* error-rate<5%", true, "1.000%");
        check("group.create p99<1s", false, "nothing");
    }

    #[test]
    fn what_was_sent_can_cross_a_threshold_whatever_was_not() {
        let times = |micros: u64| {
            let mut made = histogram();
            made.record_n(micros, 100).unwrap();
            Latency::of(&made)
        };
        let total = Operation {
            name: "user.match".to_owned(),
            count: 100,
            in_time: 90,
            errors: Errors {
                count: 2,
                ..Errors::default()
            },
            response: times(3_000_000),
            service: times(30_000),
            ..Operation::default()
        };
        let check = |text: &str, crossed: bool| {
            let judged = load::Threshold {
                text: text.to_owned(),
                ..load::Threshold::default()
            };
            let all = [total.clone()];
            assert_eq!(
                crossed_as_sent(std::slice::from_ref(&judged), &all, &total),
                crossed,
                "{text}"
            );
            let held = load::Threshold {
                held: true,
                ..judged
            };
            assert!(!crossed_as_sent(&[held], &all, &total), "{text}");
        };
        // Waiting for a connection is no time of the target's alone.
        check("p99<100ms", false);
        check("p99<20ms", true);
        check("user.match max<20ms", true);
        check("group.create p99<20ms", false);
        check("error-rate<1%", true);
        check("error-rate<5%", false);
        check("rps>=25", false);
    }

    #[test]
    fn a_rate_is_of_what_ended_in_time() {
        let total = Operation {
            count: 360,
            in_time: 310,
            good_in_time: 304,
            ..Operation::default()
        };
        let measured = Measured::of([&total], 8.0);
        assert_eq!(measure(Metric::Rate, &measured), Some(38.0));
    }
}
