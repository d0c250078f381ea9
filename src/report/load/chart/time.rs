//! What happened second by second: rate, latency, errors, users.

use super::Chart;
use super::axis::{Axis, clock, exact, number, plain};
use super::plot::{Line, Plot, Size, svg};
use crate::record::load::{LoadRecord, Second};
use crate::report::load::figure;
use crate::suite::load::{Metric, Threshold};

/// Some seconds of the run together, so that a long run fits into a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Stretch {
    from: f64,
    to: f64,
    count: u64,
    errors: u64,
    rate: f64,
    p50: u64,
    p90: u64,
    p99: u64,
    users: u64,
    in_flight: u64,
    warm_up: bool,
}

/// What a chart is about.
struct Subject {
    id: &'static str,
    title: &'static str,
    note: &'static str,
    /// What a point is of the seconds that it stands for.
    point: &'static str,
    legend: &'static [(&'static str, &'static str)],
    /// Whether a second has something for it.
    has: fn(&Second) -> bool,
    plot: fn(&LoadRecord, &[Stretch], Size) -> Plot,
}

const SUBJECTS: [Subject; 4] = [
    Subject {
        id: "_rate",
        title: "Rate",
        note: "Requests that came to an end, a second.",
        point: "their mean",
        legend: &[],
        has: |_| true,
        plot: rate,
    },
    Subject {
        id: "_latency",
        title: "Response time",
        note: "Percentiles of each second.",
        point: "the highest of them",
        legend: &[("one", "p50"), ("two", "p90"), ("three", "p99")],
        has: |second| second.p99 > 0,
        plot: latency,
    },
    Subject {
        id: "_errors",
        title: "Errors",
        note: "Requests a second that did not end as expected.",
        point: "their mean",
        legend: &[],
        has: |second| second.errors > 0,
        plot: errors,
    },
    Subject {
        id: "_users",
        title: "Users and requests under way",
        note: "At the end of each second. Where every user waits for an answer, the target is at its limit.",
        point: "the last of them for users, the highest for requests",
        legend: &[("one", "users"), ("two", "requests under way")],
        has: |second| second.users > 0,
        plot: users,
    },
];

/// The charts that have time for their x axis.
pub(super) fn charts(record: &LoadRecord) -> Vec<Chart> {
    let seen = |subject: &&Subject| record.series.iter().any(subject.has);
    let all = SUBJECTS.iter().filter(seen);
    all.map(|subject| drawn(record, subject)).collect()
}

fn drawn(record: &LoadRecord, subject: &Subject) -> Chart {
    let draw = |size: Size| {
        let rows = stretches(&record.series, size.points());
        svg(&(subject.plot)(record, &rows, size), size)
    };
    let mut note = subject.note.to_owned();
    if record.warm_up_ms > 0 && subject.id == "_rate" {
        note += " Shaded: the warm-up, which does not count.";
    }
    let seconds = width(record.series.len(), Size::Wide.points());
    if seconds > 1 {
        let each = format!(" Each point stands for {seconds} s: {}.", subject.point);
        note += &each;
    }
    let legend = subject.legend.iter();
    Chart {
        id: subject.id,
        title: subject.title,
        note,
        legend: legend
            .map(|(class, word)| (*class, (*word).to_owned()))
            .collect(),
        wide: draw(Size::Wide),
        slim: draw(Size::Slim),
    }
}

fn rate(record: &LoadRecord, rows: &[Stretch], size: Size) -> Plot {
    let points = rows
        .iter()
        .map(|row| Some((middle(row), row.rate)))
        .collect();
    let highest = rows.iter().map(|row| row.rate).fold(0.0, f64::max);
    let y = Axis::from_zero(highest * 1.05, 5, plain);
    let rules = rules(record, y.max(), |threshold| {
        (threshold.metric == Metric::Rate).then_some(threshold.bound)
    });
    let tips = rows.iter().map(|row| {
        tip(
            row,
            &format!(
                "{} requests a second, {} errors",
                plain(row.rate),
                row.errors
            ),
        )
    });
    Plot {
        said: format!(
            "Requests a second over time; the highest is {}",
            plain(highest)
        ),
        rules,
        lines: vec![Line {
            filled: true,
            ..Line::new("one", points)
        }],
        tips: tips.collect(),
        ..empty(rows, y, size)
    }
}

fn latency(record: &LoadRecord, rows: &[Stretch], size: Size) -> Plot {
    let line = |class, of: fn(&Stretch) -> u64| {
        let points = rows.iter().map(|row| {
            // A second in which nothing was timed has no percentile.
            (of(row) > 0).then(|| (middle(row), number(of(row))))
        });
        Line::new(class, points.collect())
    };
    let timed = rows.iter().filter(|row| row.p99 > 0);
    let y = Axis::times(timed.flat_map(|row| [number(row.p50), number(row.p99)]));
    let rules = rules(record, y.max(), |threshold| match threshold.metric {
        // Thresholds are in milliseconds, the series in microseconds.
        Metric::Percentile(_) => Some(threshold.bound * 1000.0),
        _ => None,
    });
    let highest = rows.iter().map(|row| row.p99).max().unwrap_or(0);
    let tips = rows.iter().map(|row| {
        tip(
            row,
            &format!(
                "p50 {}, p90 {}, p99 {}",
                exact(row.p50),
                exact(row.p90),
                exact(row.p99)
            ),
        )
    });
    Plot {
        said: format!(
            "Percentiles of the response time over time; the highest p99 is {}",
            exact(highest)
        ),
        rules,
        lines: vec![
            line("one", |row| row.p50),
            line("two", |row| row.p90),
            line("three", |row| row.p99),
        ],
        tips: tips.collect(),
        ..empty(rows, y, size)
    }
}

fn errors(_: &LoadRecord, rows: &[Stretch], size: Size) -> Plot {
    let each = |row: &Stretch| number(row.errors) / (row.to - row.from).max(0.001);
    let highest = rows.iter().map(each).fold(0.0, f64::max);
    let total: u64 = rows.iter().map(|row| row.errors).sum();
    let tips = rows.iter().map(|row| {
        let share = figure::share(row.errors, row.count);
        tip(
            row,
            &format!("{} errors of {} requests ({share})", row.errors, row.count),
        )
    });
    Plot {
        said: format!("Errors a second over time, {total} in all"),
        bars: rows
            .iter()
            .map(|row| (row.from, row.to, each(row)))
            .collect(),
        tips: tips.collect(),
        ..empty(rows, Axis::from_zero(highest, 4, plain), size)
    }
}

fn users(_: &LoadRecord, rows: &[Stretch], size: Size) -> Plot {
    let line = |class, of: fn(&Stretch) -> u64| {
        let points = rows.iter().map(|row| Some((row.to, number(of(row)))));
        Line::new(class, points.collect())
    };
    let highest = rows.iter().map(|row| row.users.max(row.in_flight)).max();
    let y = Axis::from_zero(number(highest.unwrap_or(0)) * 1.05, 4, plain);
    let tips = rows.iter().map(|row| {
        tip(
            row,
            &format!("{} users, {} requests under way", row.users, row.in_flight),
        )
    });
    Plot {
        said: "Users and requests under way over time".to_owned(),
        lines: vec![
            line("one", |row| row.users),
            line("two", |row| row.in_flight),
        ],
        tips: tips.collect(),
        ..empty(rows, y, size)
    }
}

/// A plot of this time with nothing in it.
fn empty(rows: &[Stretch], y: Axis, size: Size) -> Plot {
    let end = rows.last().map_or(1.0, |row| row.to);
    let warm = rows.iter().filter(|row| row.warm_up).map(|row| row.to);
    let warm = warm.fold(0.0, f64::max);
    Plot {
        said: String::new(),
        x: Axis::elapsed(end, size.ticks()),
        y,
        bands: (warm > 0.0)
            .then_some((0.0, warm, "warm-up"))
            .into_iter()
            .collect(),
        rules: Vec::new(),
        lines: Vec::new(),
        bars: Vec::new(),
        tips: Vec::new(),
    }
}

/// Thresholds on all operations that lie on the axis.
fn rules(
    record: &LoadRecord,
    highest: f64,
    value: impl Fn(&Threshold) -> Option<f64>,
) -> Vec<(f64, String)> {
    let read = record
        .thresholds
        .iter()
        .filter_map(|it| Threshold::parse(&it.text).ok());
    read.filter(|threshold| threshold.operation.is_none())
        .filter_map(|threshold| Some((value(&threshold)?, threshold.text)))
        .filter(|(value, _)| *value <= highest)
        .collect()
}

fn middle(row: &Stretch) -> f64 {
    f64::midpoint(row.from, row.to)
}

fn tip(row: &Stretch, said: &str) -> (f64, f64, String) {
    let warm_up = if row.warm_up { " (warm-up)" } else { "" };
    (
        row.from,
        row.to,
        format!("{}{warm_up}: {said}", clock(row.from)),
    )
}

/// Seconds in a stretch, so that there are no more stretches than points.
fn width(seconds: usize, points: usize) -> usize {
    const WIDTHS: [usize; 10] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
    let wanted = seconds.div_ceil(points.max(1));
    WIDTHS
        .into_iter()
        .find(|width| *width >= wanted)
        .unwrap_or(wanted)
}

fn stretches(series: &[Second], points: usize) -> Vec<Stretch> {
    // What came in the last moments would look like a rate of its own.
    let whole = series
        .iter()
        .rposition(|second| figure::length(second) >= 0.5);
    let (whole, rest) = series.split_at(whole.map_or(series.len(), |last| last + 1));
    let mut drawn: Vec<Stretch> = (whole.chunks(width(whole.len(), points)))
        .filter_map(stretch)
        .collect();
    if let Some(last) = drawn.last_mut() {
        last.count += rest.iter().map(|second| second.count).sum::<u64>();
        last.errors += rest.iter().map(|second| second.errors).sum::<u64>();
    }
    drawn
}

/// Rate and errors are those of the whole stretch, percentiles the highest of its seconds.
fn stretch(seconds: &[Second]) -> Option<Stretch> {
    let (first, last) = (seconds.first()?, seconds.last()?);
    let lasted: f64 = seconds.iter().map(figure::length).sum();
    let count: u64 = seconds.iter().map(|second| second.count).sum();
    let highest = |of: fn(&Second) -> u64| seconds.iter().map(of).max().unwrap_or(0);
    Some(Stretch {
        from: number(first.at),
        to: number(last.at) + figure::length(last),
        count,
        errors: seconds.iter().map(|second| second.errors).sum(),
        rate: number(count) / lasted.max(0.001),
        p50: highest(|second| second.p50),
        p90: highest(|second| second.p90),
        p99: highest(|second| second.p99),
        users: last.users,
        in_flight: highest(|second| second.in_flight),
        warm_up: seconds.iter().all(|second| second.warm_up),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(at: u64, count: u64, p99: u64) -> Second {
        Second {
            at,
            count,
            rate: number(count),
            p99,
            ..Second::default()
        }
    }

    #[test]
    fn a_long_run_is_drawn_in_stretches_that_hide_no_peak() {
        let series: Vec<Second> = (0..3_600)
            .map(|at| second(at, 20, if at == 1_234 { 9_000 } else { 100 }))
            .collect();
        let drawn = stretches(&series, 240);
        assert_eq!(drawn.len(), 240);
        assert_eq!(drawn.iter().map(|row| row.count).sum::<u64>(), 72_000);
        assert_eq!(drawn.iter().map(|row| row.p99).max(), Some(9_000));
        assert!(drawn.iter().all(|row| (row.rate - 20.0).abs() < 1e-9));
        let short = stretches(&series[..30], 240);
        assert_eq!((short.len(), short[7].from, short[7].to), (30, 7.0, 8.0));
    }

    #[test]
    fn the_last_moments_make_no_peak_and_keep_their_errors() {
        let moment = Second {
            rate: 9_000.0,
            errors: 2,
            ..second(10, 9, 100)
        };
        let series: Vec<Second> = (0..10)
            .map(|at| second(at, 20, 100))
            .chain([moment])
            .collect();
        let drawn = stretches(&series, 240);
        assert_eq!(drawn.len(), 10);
        assert_eq!(drawn.iter().map(|row| row.errors).sum::<u64>(), 2);
        assert!(drawn.iter().all(|row| row.rate < 21.0));
    }

    #[test]
    fn what_came_after_the_end_has_no_rate_of_its_own() {
        let after = Second {
            rate: 0.0,
            errors: 40,
            ..second(14, 40, 30_000_000)
        };
        let series: Vec<Second> = (0..10)
            .map(|at| second(at, 20, 100))
            .chain([after, Second { at: 20, ..after }])
            .collect();
        let drawn = stretches(&series, 240);
        assert_eq!(drawn.len(), 10);
        assert_eq!(drawn.iter().map(|row| row.errors).sum::<u64>(), 80);
        assert!(drawn.iter().all(|row| row.rate < 21.0));
    }

    #[test]
    fn a_part_of_a_second_has_the_rate_of_its_length() {
        let half = Second {
            rate: 40.0,
            ..second(0, 20, 1)
        };
        let drawn = stretch(&[half]).unwrap();
        assert!(
            (drawn.rate - 40.0).abs() < 1e-9 && (drawn.to - 0.5).abs() < 1e-9,
            "{drawn:?}"
        );
    }
}
