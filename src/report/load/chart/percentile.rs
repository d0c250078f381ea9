//! The percentiles of a time against 1/(1-p): the tail has as much room as the rest.

use hdrhistogram::Histogram;

use super::Chart;
use super::axis::{Axis, exact, number, to_f64, whole};
use super::plot::{Line, Plot, Size, svg};
use crate::record::load::{Latency, LoadRecord, Model};
use crate::report::load::figure;

/// Points in a decade of 1/(1-p).
const FINE: usize = 40;

/// Decades that are shown at most.
const DECADES: f64 = 6.0;

/// The chart; none where nothing was timed or a histogram of the record can't be read.
pub(super) fn chart(record: &LoadRecord) -> Option<Chart> {
    let total = &record.total;
    let mut named: Vec<(&'static str, &str, &Latency)> =
        vec![("one", "response time", &total.response)];
    if record.profile.model == Model::Open {
        named.push(("two", "service time, from the send", &total.service));
    }
    named.push(("three", "to the end of the headers", &total.headers));
    let read: Vec<_> = named
        .into_iter()
        .filter_map(|(class, name, latency)| Some((class, name, latency.histogram().ok()?)))
        .filter(|(_, _, histogram)| !histogram.is_empty())
        .collect();
    let widest = read.iter().map(|(_, _, histogram)| histogram.len()).max()?;
    let decades = number(widest).log10().clamp(1.0, DECADES);
    let draw = |size| {
        let lines = read
            .iter()
            .map(|(class, _, histogram)| Line::new(class, points(histogram, decades)));
        svg(&plot(lines.collect(), total.response.max, decades), size)
    };
    Some(Chart {
        id: "_percentiles",
        title: "Percentiles",
        note: if record.profile.model == Model::Open {
            "How slow the slowest were. Response time counts from the moment at which the schedule wanted the request sent: what lies between it and the service time is waiting that a closed measurement hides.".to_owned()
        } else {
            "How slow the slowest were.".to_owned()
        },
        legend: read
            .iter()
            .map(|(class, name, _)| (*class, (*name).to_owned()))
            .collect(),
        wide: draw(Size::Wide),
        slim: draw(Size::Slim),
    })
}

fn plot(lines: Vec<Line>, max: u64, decades: f64) -> Plot {
    let values = lines.iter().flat_map(|line| line.points.iter().flatten());
    let y = Axis::times(values.map(|(_, value)| *value));
    let tips = lines.first().map(tips).unwrap_or_default();
    Plot {
        said: format!(
            "Percentiles of the times, up to a slowest response of {}",
            exact(max)
        ),
        x: Axis::between(0.0, decades, ticks()),
        y,
        bands: Vec::new(),
        rules: Vec::new(),
        lines,
        bars: Vec::new(),
        tips,
    }
}

/// The value at each share, as far as the count has something to say of it.
fn points(histogram: &Histogram<u64>, decades: f64) -> Vec<Option<(f64, f64)>> {
    let end = number(histogram.len()).log10().min(decades);
    let steps = whole(end * to_f64(FINE)).max(1);
    let inner = (0..=steps).map(|nth| to_f64(nth) / to_f64(FINE));
    let at = |x: f64| {
        let value = histogram.value_at_quantile(1.0 - 10_f64.powf(-x));
        Some((x, number(value.min(histogram.max()))))
    };
    let complete = number(histogram.len()).log10() <= decades;
    let last = complete.then(|| Some((end, number(histogram.max()))));
    inner.map(at).chain(last).collect()
}

/// Ticks at the shares that are spoken of.
fn ticks() -> Vec<(f64, String)> {
    [
        (0.0, "0"),
        (std::f64::consts::LOG10_2, "50 %"),
        (1.0, "90 %"),
        (2.0, "99 %"),
        (3.0, "99.9 %"),
        (4.0, "99.99 %"),
        (5.0, "99.999 %"),
        (6.0, "99.9999 %"),
    ]
    .into_iter()
    .map(|(x, word)| (x, word.to_owned()))
    .collect()
}

fn tips(line: &Line) -> Vec<(f64, f64, String)> {
    let half = 0.5 / to_f64(FINE);
    let known = line.points.iter().flatten();
    known
        .step_by(2)
        .map(|(x, value)| {
            let percent = 100.0 * (1.0 - 10_f64.powf(-x));
            let digits = whole(x.ceil()).max(1);
            let said = format!(
                "{percent:.digits$} %: {}",
                figure::time(whole(*value) as u64)
            );
            ((x - 2.0 * half).max(0.0), x + 2.0 * half, said)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::load::histogram;

    #[test]
    fn the_line_rises_to_the_slowest() {
        let mut times = histogram();
        for micros in 1..=10_000 {
            times.record(micros).unwrap();
        }
        let line = points(&times, 6.0);
        let values: Vec<f64> = line.iter().flatten().map(|(_, value)| *value).collect();
        assert!(values.is_sorted(), "{values:?}");
        let (x, last) = line.iter().flatten().next_back().copied().unwrap();
        assert!(
            (x - 4.0).abs() < 1e-9 && (last - 10_000.0).abs() < 10.0,
            "{x} {last}"
        );
        let median = line.iter().flatten().find(|(x, _)| *x >= 0.301).unwrap();
        let truth = 10_000.0 * (1.0 - 10_f64.powf(-median.0));
        assert!((median.1 - truth).abs() < 10.0, "{median:?} for {truth}");
    }

    #[test]
    fn one_request_is_a_line_and_none_is_no_chart() {
        let mut times = histogram();
        times.record(7).unwrap();
        assert!(
            points(&times, 1.0)
                .iter()
                .flatten()
                .all(|(_, value)| (*value - 7.0).abs() < 1e-9)
        );
        assert!(chart(&LoadRecord::default()).is_none());
    }
}
