//! The seconds of a run as numbers, and the figures that are made of them.

use crate::record::load::{LoadRecord, Second};
use crate::report::load::figure;

/// One second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    at: u64,
    length: f64,
    count: f64,
    errors: f64,
    p50: f64,
    p90: f64,
    p99: f64,
}

/// The measured seconds of a run, without its warm-up.
#[derive(Clone, Debug)]
pub(super) struct Series(Vec<Point>);

/// A figure that is a ratio of two sums over seconds.
pub(super) struct Statistic {
    /// Name.
    pub(super) name: &'static str,
    /// What a second adds above and below the line.
    pub(super) parts: fn(&Point) -> (f64, f64),
    /// Whether its change is told as a ratio; else as a difference.
    pub(super) is_ratio: bool,
}

/// All figures that are compared.
pub(super) const STATISTICS: [Statistic; 5] = [
    Statistic {
        name: "rate",
        parts: |point| {
            if point.length > 0.0 {
                (point.count, point.length)
            } else {
                (0.0, 0.0)
            }
        },
        is_ratio: true,
    },
    Statistic {
        name: "error-rate",
        parts: |point| (point.errors, point.count),
        is_ratio: false,
    },
    Statistic {
        name: "p50",
        parts: |point| timed(point, point.p50),
        is_ratio: true,
    },
    Statistic {
        name: "p90",
        parts: |point| timed(point, point.p90),
        is_ratio: true,
    },
    Statistic {
        name: "p99",
        parts: |point| timed(point, point.p99),
        is_ratio: true,
    },
];

/// A percentile of a second, by its requests; a second in which nothing was timed adds nothing.
fn timed(point: &Point, time: f64) -> (f64, f64) {
    if time > 0.0 {
        (time * point.count, point.count)
    } else {
        (0.0, 0.0)
    }
}

impl Series {
    /// The seconds of a record, without a last one that is less than half. What came after the end of the run is no part
    /// of its rate.
    pub(super) fn of(record: &LoadRecord) -> Self {
        let measured = record.series.iter().filter(|second| !second.warm_up);
        let mut points: Vec<Point> = measured.map(point).collect();
        let part = |point: &Point| (0.0..0.5).contains(&point.length) && point.length > 0.0;
        if let Some(last) = points.iter().rposition(|point| point.length > 0.0)
            && points.get(last).is_some_and(part)
        {
            points.remove(last);
        }
        Self(points)
    }

    /// The seconds that both have.
    pub(super) fn common(a: &Self, b: &Self) -> (Self, Self) {
        let kept = |of: &Self, other: &Self| {
            let has = |point: &&Point| other.0.binary_search_by_key(&point.at, |it| it.at).is_ok();
            Self(of.0.iter().filter(has).copied().collect())
        };
        (kept(a, b), kept(b, a))
    }

    /// How many seconds there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// What each second adds to a figure.
    pub(super) fn parts(&self, statistic: &Statistic) -> Vec<(f64, f64)> {
        self.0
            .iter()
            .map(|point| (statistic.parts)(point))
            .collect()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and microseconds are far below 2^52"
)]
fn point(second: &Second) -> Point {
    Point {
        at: second.at,
        length: figure::length(second),
        count: second.count as f64,
        errors: second.errors as f64,
        p50: second.p50 as f64,
        p90: second.p90 as f64,
        p99: second.p99 as f64,
    }
}
