//! Thresholds: what a load run must hold, as text (`p99<200ms`, `group.add-member error-rate<0.1%`).
//!
//! Reads them; measures nothing.

use std::fmt;
use std::ops::Range;

use super::super::near;

/// Metrics by name.
const METRICS: &[(&str, Metric)] = &[
    ("p50", Metric::Percentile(50.0)),
    ("p75", Metric::Percentile(75.0)),
    ("p90", Metric::Percentile(90.0)),
    ("p95", Metric::Percentile(95.0)),
    ("p99", Metric::Percentile(99.0)),
    ("p99.9", Metric::Percentile(99.9)),
    ("p99.99", Metric::Percentile(99.99)),
    ("max", Metric::Max),
    ("mean", Metric::Mean),
    ("error-rate", Metric::ErrorRate),
    ("rps", Metric::Rate),
    ("wrong", Metric::Wrong(Wrong::Certain)),
    ("lost-writes", Metric::Wrong(Wrong::LostWrite)),
    ("duplicates", Metric::Wrong(Wrong::Duplicate)),
    ("failed-checks", Metric::Wrong(Wrong::FullChecks)),
    ("stale-reads", Metric::Wrong(Wrong::Stale)),
    ("stale-rate", Metric::StaleRate),
];

/// What a load run must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// As written, blanks at the ends left out.
    pub text: String,
    /// The operation that it is about, a glob with `*`; all of them where it names none.
    pub operation: Option<String>,
    /// What is compared.
    pub metric: Metric,
    /// How.
    pub comparison: Comparison,
    /// With what: milliseconds for times, a share from 0 to 1 for rates of errors, requests a second, answers.
    pub bound: f64,
}

/// What a threshold compares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Metric {
    /// A percentile of the response time.
    Percentile(f64),
    /// The longest response time.
    Max,
    /// The mean response time.
    Mean,
    /// The share of requests that were answered wrongly or not at all.
    ErrorRate,
    /// Requests a second that were answered as expected.
    Rate,
    /// A number of answers that show something wrong.
    Wrong(Wrong),
    /// The share of requests that were answered with an older state.
    StaleRate,
}

/// What answers are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// All that is wrong at every target: the next three.
    Certain,
    /// Acknowledged writes that are not there.
    LostWrite,
    /// What is there twice.
    Duplicate,
    /// A breach of the full set of checks.
    FullChecks,
    /// An older state.
    Stale,
}

/// How a threshold compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Whether a value keeps to a bound.
    pub fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::Less => value < bound,
            Self::AtMost => value <= bound,
            Self::More => value > bound,
            Self::AtLeast => value >= bound,
        }
    }
}

/// A text that is no threshold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct ThresholdError {
    /// Bytes of the text that are wrong.
    pub at: Range<usize>,
    /// Lowercase fragment: what is wrong.
    pub problem: String,
    /// What would be right.
    pub help: String,
}

impl Threshold {
    /// Reads a threshold.
    ///
    /// # Errors
    /// Where it is none, with the place.
    pub fn parse(text: &str) -> Result<Self, ThresholdError> {
        const SHAPE: &str = "write a metric, a comparison and a bound: p99<200ms, error-rate<0.1%, rps>=25, 'user.create p99<1s'";
        let wrong = |at: Range<usize>, problem: String, help: &str| ThresholdError {
            at,
            problem,
            help: help.to_owned(),
        };
        let start = text
            .find(['<', '>'])
            .ok_or_else(|| wrong(0..text.len(), "no comparison".to_owned(), SHAPE))?;
        let rest = text.get(start..).unwrap_or_default();
        let (comparison, length) = match rest.as_bytes() {
            [b'<', b'=', ..] => (Comparison::AtMost, 2),
            [b'>', b'=', ..] => (Comparison::AtLeast, 2),
            [b'<', ..] => (Comparison::Less, 1),
            _ => (Comparison::More, 1),
        };
        let left = text.get(..start).unwrap_or_default();
        let (operation, name, at) = halves(left);
        if name.is_empty() {
            return Err(wrong(
                start..start + length,
                "no metric before it".to_owned(),
                SHAPE,
            ));
        }
        let metric = Metric::named(name).map_err(|help| {
            let problem = format!("unknown metric `{name}`");
            wrong(at..at + name.len(), problem, &help)
        })?;
        let bound_at = start + length;
        let bound = text.get(bound_at..).unwrap_or_default();
        let value = metric.bound(bound.trim()).map_err(|help| {
            let problem = if bound.trim().is_empty() {
                "no bound after it".to_owned()
            } else {
                format!("`{}` is no bound of {name}", bound.trim())
            };
            let from = bound_at + (bound.len() - bound.trim_start().len());
            let to = (from + bound.trim().len()).min(text.len());
            let at = if from < to { from..to } else { start..bound_at };
            wrong(at, problem, help)
        })?;
        Ok(Self {
            text: text.trim().to_owned(),
            operation: operation.map(str::to_owned),
            metric,
            comparison,
            bound: value,
        })
    }

    /// These in place of others. Those that bound what is answered wrongly stay, unless one of these does so, too:
    /// who asks for a time has not said that writes may get lost.
    pub fn in_place_of(these: &[Self], others: &[Self]) -> Vec<Self> {
        let is_wrong = |one: &&Self| matches!(one.metric, Metric::Wrong(_));
        let bounded = these.iter().any(|one| is_wrong(&one));
        let kept = others.iter().filter(|one| !bounded && is_wrong(one));
        these.iter().chain(kept).cloned().collect()
    }

    /// Whether it is about this operation: named whole, by a glob, or by the scenario that it is a step of.
    /// A threshold that names none is about all of them together.
    pub fn names(&self, operation: &str) -> bool {
        let Some(pattern) = &self.operation else {
            return false;
        };
        match pattern.split_once('*') {
            None => {
                let rest = operation.strip_prefix(pattern.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
            Some((head, tail)) => {
                operation.len() >= head.len() + tail.len()
                    && operation.starts_with(head)
                    && operation.ends_with(tail)
            }
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Metric {
    /// The metric with this name; the error says what would be right.
    fn named(name: &str) -> Result<Self, String> {
        let known = || METRICS.iter().map(|(known, _)| *known);
        METRICS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, metric)| *metric)
            .ok_or_else(|| {
                near(name, known()).map_or_else(
                    || format!("there are {}", known().collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                )
            })
    }

    /// Whether it is a time.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Percentile(_) | Self::Max | Self::Mean)
    }

    /// Reads a bound with its unit; the error says what would be right.
    fn bound(self, text: &str) -> Result<f64, &'static str> {
        let units: &[(&str, f64)] = match self {
            Self::Percentile(_) | Self::Max | Self::Mean => {
                &[("us", 0.001), ("µs", 0.001), ("ms", 1.0), ("s", 1000.0)]
            }
            Self::ErrorRate | Self::StaleRate => &[("%", 0.01), ("", 1.0)],
            Self::Wrong(_) => &[("", 1.0)],
            Self::Rate => &[("/s", 1.0), ("", 1.0)],
        };
        let help = match self {
            Self::ErrorRate | Self::StaleRate => "write a share: 0.1%",
            Self::Wrong(_) => "write a number of answers: 1",
            Self::Rate => "write requests a second: 25",
            _ => "write a time: 500us, 200ms, 1.5s",
        };
        let split = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let number: f64 = number.parse().map_err(|_| help)?;
        let (_, factor) = units
            .iter()
            .find(|(known, _)| *known == unit.trim())
            .ok_or(help)?;
        Ok(number * factor)
    }
}

/// The operation, the metric, and where the metric begins.
fn halves(left: &str) -> (Option<&str>, &str, usize) {
    let trimmed = left.trim_end();
    match trimmed.rfind(char::is_whitespace) {
        None => (None, trimmed, 0),
        Some(at) => {
            let (operation, metric) = trimmed.split_at(at);
            let name = metric.trim_start();
            let start = trimmed.len() - name.len();
            let operation = operation.trim();
            (Some(operation).filter(|it| !it.is_empty()), name, start)
        }
    }
}
