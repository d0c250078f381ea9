//! Figures of a load run as words, and what there is to say of the run: the same in every report.

use std::fmt::Write as _;

use crate::record::load::{Generator, LoadRecord, Model, Second};
use crate::report::word;

/// How a run ended, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// One character.
    pub(super) symbol: &'static str,
    /// In a few words.
    pub(super) word: &'static str,
    /// Key of its colour in markup.
    pub(super) key: &'static str,
}

impl Verdict {
    const fn new(symbol: &'static str, word: &'static str, key: &'static str) -> Self {
        Self { symbol, word, key }
    }
}

/// The verdict on a run: what stands in the way of one comes before what was measured.
pub(super) fn verdict(record: &LoadRecord) -> Verdict {
    let outcome = &record.outcome;
    let has = |word: &str| outcome.reasons.iter().any(|reason| reason == word);
    let found = record.breakpoint.as_ref();
    match outcome.exit_code {
        130 | 143 => Verdict::new("?", "interrupted", "error"),
        3 => Verdict::new("?", "no verdict", "error"),
        _ if found.is_some_and(|found| found.last_good_rate.is_some())
            && !has("threshold-crossed") =>
        {
            Verdict::new("✓", "breakpoint searched", "pass")
        }
        6 => Verdict::new("✗", "threshold crossed", "fail"),
        0 | 7 if !record.unjudged.is_empty() => {
            Verdict::new("·", "a shard, to be judged when merged", "note")
        }
        0 | 7 if record.thresholds.is_empty() => {
            Verdict::new("·", "measured, held against nothing", "note")
        }
        0 => Verdict::new("✓", "thresholds held", "pass"),
        7 => Verdict::new("!", "thresholds held, clean-up incomplete", "warn"),
        _ => Verdict::new("✗", "failed", "fail"),
    }
}

/// Which part of a run over several machines it is, or which it was put together of, by name of the fact.
pub(super) fn parts(record: &LoadRecord) -> Option<(&'static str, String)> {
    if let Some(shard) = &record.shard {
        return Some(("shard", format!("{shard}, of run {}", record.run)));
    }
    let all = record.merged.iter();
    let all: Vec<String> = all
        .map(|it| format!("{} ({})", it.index, it.count))
        .collect();
    (!all.is_empty()).then(|| ("shards", format!("{} (requests)", all.join(", "))))
}

/// What a shard leaves to be judged on the whole.
pub(super) fn unjudged(record: &LoadRecord) -> Option<String> {
    (!record.unjudged.is_empty()).then(|| {
        format!(
            "{}: judged by `scimitar load merge`, on all shards",
            record.unjudged.join(", ")
        )
    })
}

/// Why less load was put on the target than was planned, and whether that leaves the run without a verdict.
pub(super) fn shortfall(record: &LoadRecord) -> Option<(bool, &str)> {
    let reasons = &record.outcome.reasons;
    let none = reasons.iter().any(|reason| reason == "generator-limited");
    let generator = &record.generator;
    match (&generator.limited, &generator.held_up) {
        (Some(why), _) => Some((true, why.as_str())),
        (None, Some(why)) => Some((none, why.as_str())),
        (None, None) => None,
    }
}

/// How the machine fared that put the load on the target, in plain sentences; the first one is the sum of it.
pub(super) fn health(record: &LoadRecord) -> Vec<String> {
    let generator = &record.generator;
    let mut said = vec![match (&generator.limited, &generator.held_up) {
        (Some(why), _) => format!(
            "This machine may have been the limit: {why}. The run is no verdict on the target."
        ),
        (None, Some(why)) => format!("This machine was not the limit: {why}."),
        (None, None) => "This machine was not the limit.".to_owned(),
    }];
    if record.target.embedded {
        said.push("The target was the built-in provider on the same processors: its figures and the generator's are not apart.".to_owned());
    }
    said.push(processors(generator));
    if record.profile.model == Model::Open {
        let unsent = match generator.unsent {
            0 => "none was left unsent".to_owned(),
            unsent => format!("{unsent} were never sent"),
        };
        said.push(format!(
            "The schedule wanted {} and {unsent}; it was handed out {} late at the median, {} at the 99th percentile.",
            word::count(generator.planned, "request", "requests"),
            time(generator.pacing.p50),
            time(generator.pacing.p99),
        ));
    }
    if generator.resent > 0 {
        said.push(format!(
            "{} sent again on a new connection, because the target had closed the old one.",
            word::count(generator.resent, "request was", "requests were")
        ));
    }
    said
}

fn processors(generator: &Generator) -> String {
    let files = match (generator.fds_open_max, generator.fds_limit) {
        (0, _) | (_, 0) => String::new(),
        (open, limit) => format!("; {open} of {limit} file descriptors were open at most"),
    };
    format!(
        "It took {:.1} s of processor time, {:.0} % of {}, and opened {}{files}.",
        generator.cpu_seconds,
        generator.cpu_share * 100.0,
        word::count(u64::from(generator.cores), "processor", "processors"),
        word::count(generator.connections, "connection", "connections"),
    )
}

/// What was refused with a time to wait, in a sentence; none where nothing was.
pub(super) fn retries(record: &LoadRecord) -> Option<String> {
    let retries = &record.total.retries;
    if retries.is_empty() {
        return None;
    }
    let statuses = retries.by_status.iter();
    let statuses: Vec<String> = statuses
        .map(|(it, count)| format!("{it}: {count}"))
        .collect();
    let mut said = format!(
        "{} refused with a time to wait and made again",
        word::count(retries.count, "try was", "tries were")
    );
    if !statuses.is_empty() {
        let _ = write!(said, " ({})", statuses.join(", "));
    }
    if retries.waiting > 0 {
        let waiting = word::count(retries.waiting, "request", "requests");
        let _ = write!(said, "; {waiting} still waited at the end");
    }
    Some(said)
}

/// Microseconds in the unit that fits.
pub(super) fn time(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10),
        _ => format!(
            "{}.{:02} s",
            micros / 1_000_000,
            micros % 1_000_000 / 10_000
        ),
    }
}

/// Milliseconds as seconds.
pub(super) fn seconds(ms: u64) -> String {
    format!("{}.{:01} s", ms / 1000, ms % 1000 / 100)
}

/// Bytes in the unit that fits.
#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
pub(super) fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// A share of a whole as a percentage; what is there is never shown as nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn share(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0 %".to_owned();
    }
    let percent = part as f64 * 100.0 / whole as f64;
    match percent {
        0.0..0.001 => "< 0.001 %".to_owned(),
        0.001..1.0 => format!("{percent:.3} %"),
        _ => format!("{percent:.1} %"),
    }
}

/// The part of a second that a row of the series stands for; none for what came after the end of the run.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn length(second: &Second) -> f64 {
    if second.count > 0 && second.rate > 0.0 {
        (second.count as f64 / second.rate).clamp(0.001, 1.0)
    } else if second.count > 0 {
        0.0
    } else {
        1.0
    }
}

/// What was wrong in answers beyond their status: counts with their words, those that are 0 included.
pub(super) fn wrongs(record: &LoadRecord) -> [(u64, &'static str); 7] {
    let seen = &record.correctness;
    [
        (
            seen.wrong_status,
            "answers with a status that is not expected",
        ),
        (seen.unparsable, "bodies that are not what the step needs"),
        (seen.lost_write, "acknowledged writes that were not there"),
        (seen.duplicate, "resources that were there twice"),
        (seen.stale_read, "reads that showed an older state"),
        (
            seen.not_there,
            "reads of what the file names and is not there",
        ),
        (
            seen.full_checks_failed,
            "answers that break another promise",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::load::{Breakpoint, Threshold};
    use crate::record::{RunOutcome, Tool};

    #[test]
    fn a_verdict_names_what_stands_in_its_way_first() {
        let check =
            |code: u8, reasons: &[&str], thresholds: usize, rate: Option<f64>, word: &str| {
                let mut record = LoadRecord::new(Tool::default(), 1);
                record.outcome = RunOutcome {
                    exit_code: code,
                    reasons: reasons.iter().map(|&it| it.to_owned()).collect(),
                };
                record.thresholds = vec![Threshold::default(); thresholds];
                record.breakpoint = rate.map(|rate| Breakpoint {
                    last_good_rate: Some(rate),
                    ..Breakpoint::default()
                });
                assert_eq!(verdict(&record).word, word, "{code} {reasons:?}");
            };
        check(0, &[], 1, None, "thresholds held");
        check(0, &[], 0, None, "measured, held against nothing");
        check(6, &["threshold-crossed"], 1, None, "threshold crossed");
        check(
            3,
            &["generator-limited", "threshold-crossed"],
            1,
            None,
            "no verdict",
        );
        check(130, &["interrupted"], 1, None, "interrupted");
        check(
            7,
            &["cleanup-incomplete"],
            1,
            None,
            "thresholds held, clean-up incomplete",
        );
        check(0, &[], 1, Some(75.0), "breakpoint searched");
        let shard = LoadRecord {
            unjudged: vec!["p99<1s".to_owned()],
            ..LoadRecord::default()
        };
        assert_eq!(verdict(&shard).word, "a shard, to be judged when merged");
        let said = unjudged(&shard).unwrap();
        assert!(said.starts_with("p99<1s: judged by"), "{said}");
        check(74, &["output-failed"], 1, None, "failed");
    }

    #[test]
    fn figures_keep_their_unit() {
        for (micros, shown) in [
            (0, "0 µs"),
            (999, "999 µs"),
            (1_500, "1.50 ms"),
            (2_345_678, "2.34 s"),
        ] {
            assert_eq!(time(micros), shown);
        }
        for (part, whole, shown) in [
            (0, 5, "0 %"),
            (1, 1_000_000, "< 0.001 %"),
            (1, 10_000, "0.010 %"),
            (1, 3, "33.3 %"),
            (1, 0, "0 %"),
        ] {
            assert_eq!(share(part, whole), shown);
        }
        for (size, shown) in [
            (12, "12 B"),
            (1_500, "1.5 kB"),
            (2_000_000, "2.0 MB"),
            (3_100_000_000, "3.1 GB"),
        ] {
            assert_eq!(bytes(size), shown);
        }
    }
}
