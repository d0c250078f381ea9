//! A load run as Prometheus reads it: while it goes on, and its figures at the end.

use std::fmt::Write as _;

use crate::record::load::{LoadRecord, Operation, Second};
use crate::report::escape;

/// What is true of a run while it goes on.
#[derive(Clone, Debug)]
pub struct LoadMoment<'a> {
    /// Name of the profile.
    pub profile: &'a str,
    /// Base URL of the target.
    pub target: &'a str,
    /// The last second.
    pub second: Second,
    /// Requests so far, the warm-up included.
    pub requests: u64,
    /// Of those, errors.
    pub errors: u64,
    /// Seconds until the end.
    pub left: u64,
}

/// The exposition of a moment.
#[must_use]
pub fn load_moment_metrics(moment: &LoadMoment<'_>) -> String {
    let mut out = Exposition::new(&[("profile", moment.profile), ("target", moment.target)]);
    let second = &moment.second;
    out.family(
        "requests_total",
        "counter",
        "Requests that came to an end, those of the warm-up included.",
    );
    out.whole("requests_total", &[], moment.requests);
    out.family(
        "errors_total",
        "counter",
        "Of those, requests that did not end as expected.",
    );
    out.whole("errors_total", &[], moment.errors);
    out.family(
        "rate",
        "gauge",
        "Requests that came to an end in the last second.",
    );
    out.sample("rate", &[], second.rate);
    out.family(
        "last_second_response_seconds",
        "gauge",
        "Percentiles of the response time in the last second.",
    );
    for (quantile, micros) in [
        ("0.5", second.p50),
        ("0.9", second.p90),
        ("0.99", second.p99),
    ] {
        out.sample(
            "last_second_response_seconds",
            &[("quantile", quantile)],
            seconds(micros),
        );
    }
    out.family("users", "gauge", "Users.");
    out.whole("users", &[], second.users);
    out.family("in_flight", "gauge", "Requests under way.");
    out.whole("in_flight", &[], second.in_flight);
    out.family("warming_up", "gauge", "1 while nothing counts yet.");
    out.whole("warming_up", &[], u64::from(second.warm_up));
    out.family("left_seconds", "gauge", "Time until the end of the run.");
    out.whole("left_seconds", &[], moment.left);
    out.text
}

/// The exposition of a run that ended.
#[must_use]
pub fn load_metrics(record: &LoadRecord) -> String {
    let mut out = Exposition::new(&[
        ("profile", &record.profile.name),
        ("target", &record.target.base_url),
    ]);
    out.family(
        "requests_total",
        "counter",
        "Requests that came to an end, by operation; the warm-up is not in them.",
    );
    for one in &record.operations {
        out.whole("requests_total", &[("operation", &one.name)], one.count);
    }
    out.family(
        "answers_total",
        "counter",
        "Complete answers, by operation and status.",
    );
    for one in &record.operations {
        for (status, count) in &one.statuses {
            let status = status.to_string();
            out.whole(
                "answers_total",
                &[("operation", &one.name), ("status", &status)],
                *count,
            );
        }
    }
    out.family(
        "errors_total",
        "counter",
        "Requests that did not end as expected, by operation and kind.",
    );
    for one in &record.operations {
        for (kind, count) in kinds(one) {
            out.whole(
                "errors_total",
                &[("operation", &one.name), ("kind", &kind)],
                count,
            );
        }
    }
    retries(&mut out, record);
    times(&mut out, record);
    generator(&mut out, record);
    out.text
}

fn retries(out: &mut Exposition, record: &LoadRecord) {
    if record.total.retries.is_empty() {
        return;
    }
    out.family(
        "retries_total",
        "counter",
        "Tries that were refused with a time to wait and made again, by operation and status.",
    );
    for one in &record.operations {
        for (status, count) in &one.retries.by_status {
            let status = status.to_string();
            let labels = [("operation", one.name.as_str()), ("status", &status)];
            out.whole("retries_total", &labels, *count);
        }
    }
}

/// Errors by what they are; 0 of none, so that the family is there.
fn kinds(one: &Operation) -> Vec<(String, u64)> {
    let by_status = one.errors.by_status.iter();
    let by_status = by_status.map(|(status, count)| (format!("status-{status}"), *count));
    let by_cause = one
        .errors
        .by_cause
        .iter()
        .map(|(cause, count)| (cause.clone(), *count));
    let all: Vec<(String, u64)> = by_status.chain(by_cause).collect();
    if all.is_empty() {
        return vec![("none".to_owned(), 0)];
    }
    all
}

fn times(out: &mut Exposition, record: &LoadRecord) {
    out.family(
        "response_seconds",
        "summary",
        "Response time to the last byte, from when the request was due.",
    );
    for one in &record.operations {
        let times = &one.response;
        for (quantile, micros) in [
            ("0.5", times.p50),
            ("0.9", times.p90),
            ("0.95", times.p95),
            ("0.99", times.p99),
            ("0.999", times.p999),
            ("0.9999", times.p9999),
            ("1", times.max),
        ] {
            let labels = [("operation", one.name.as_str()), ("quantile", quantile)];
            out.sample("response_seconds", &labels, seconds(micros));
        }
        let labels = [("operation", one.name.as_str())];
        out.sample(
            "response_seconds_sum",
            &labels,
            times.mean * number(times.count) / 1e6,
        );
        out.whole("response_seconds_count", &labels, times.count);
    }
    out.family("measured_seconds", "gauge", "Time that was measured.");
    out.sample("measured_seconds", &[], number(record.duration_ms) / 1e3);
}

fn generator(out: &mut Exposition, record: &LoadRecord) {
    out.family(
        "threshold_held",
        "gauge",
        "1 where a threshold held, 0 where it was crossed.",
    );
    for one in &record.thresholds {
        out.whole(
            "threshold_held",
            &[("threshold", &one.text)],
            u64::from(one.held),
        );
    }
    let generator = &record.generator;
    out.family(
        "generator_limited",
        "gauge",
        "1 where the generator may have been the limit: then the run is no verdict.",
    );
    out.whole(
        "generator_limited",
        &[],
        u64::from(super::figure::shortfall(record).is_some_and(|(no_verdict, _)| no_verdict)),
    );
    out.family(
        "generator_cpu_share",
        "gauge",
        "Processor time of the generator, as a share of what all processors had.",
    );
    out.sample("generator_cpu_share", &[], generator.cpu_share);
    out.family("exit_code", "gauge", "Exit code of the run.");
    out.whole("exit_code", &[], u64::from(record.outcome.exit_code));
}

/// Lines of the text format, all of them with the same first labels.
struct Exposition {
    text: String,
    labels: String,
}

impl Exposition {
    fn new(labels: &[(&str, &str)]) -> Self {
        Self {
            text: String::new(),
            labels: labels
                .iter()
                .map(|label| shown(*label))
                .collect::<Vec<_>>()
                .join(","),
        }
    }

    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(
            self.text,
            "# HELP scimitar_load_{name} {help}\n# TYPE scimitar_load_{name} {kind}"
        );
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.line(name, labels, &format!("{value}"));
    }

    fn whole(&mut self, name: &str, labels: &[(&str, &str)], value: u64) {
        self.line(name, labels, &value.to_string());
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: &str) {
        let _ = write!(self.text, "scimitar_load_{name}{{{}", self.labels);
        for label in labels {
            let _ = write!(self.text, ",{}", shown(*label));
        }
        let _ = writeln!(self.text, "}} {value}");
    }
}

/// A label as the format wants it.
fn shown((name, value): (&str, &str)) -> String {
    let value = escape::line(value)
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    format!("{name}=\"{value}\"")
}

fn seconds(micros: u64) -> f64 {
    number(micros) / 1e6
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and times are far below 2^52"
)]
fn number(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_can_hold_anything() {
        assert_eq!(shown(("a", "x\"y\\z\n")), "a=\"x\\\"y\\\\z\\\\n\"");
    }

    #[test]
    fn a_moment_has_its_figures_in_seconds() {
        let text = load_moment_metrics(&LoadMoment {
            profile: "spike",
            target: "http://127.0.0.1:1",
            second: Second {
                rate: 24.5,
                p99: 12_500,
                users: 3,
                ..Second::default()
            },
            requests: 100,
            errors: 2,
            left: 7,
        });
        for line in [
            "scimitar_load_requests_total{profile=\"spike\",target=\"http://127.0.0.1:1\"} 100",
            "scimitar_load_last_second_response_seconds{profile=\"spike\",target=\"http://127.0.0.1:1\",quantile=\"0.99\"} 0.0125",
            "# TYPE scimitar_load_rate gauge",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}: {text}");
        }
    }
}
