//! A load run for a person at a terminal: what was measured, what was wrong, what held.

use std::fmt::Write as _;

use super::figure::{self, seconds, time, wrongs};
use crate::record::load::{Latency, LoadRecord, Operation};
use crate::report::{Options, escape};

/// Operations that are shown one by one unless all are asked for.
const SHOWN: usize = 30;

/// The whole report.
pub(super) fn render(record: &LoadRecord, options: &Options) -> String {
    let mut text = String::new();
    if !options.quiet {
        head(&mut text, record);
        operations(&mut text, record, options);
        errors(&mut text, record);
        if let Some(said) = figure::retries(record) {
            let _ = writeln!(text, "retries   {said}\n");
        }
        correctness(&mut text, record);
        cost(&mut text, record);
    }
    verdict(&mut text, record);
    // Names, remarks and details may hold what a server sent.
    escape::block(&text).into_owned()
}

fn head(text: &mut String, record: &LoadRecord) {
    let profile = &record.profile;
    let _ = writeln!(text, "{}: {}", profile.name, profile.description);
    let embedded = if record.target.embedded {
        " (built in, on the same processors)"
    } else {
        ""
    };
    let _ = writeln!(text, "  target   {}{embedded}", record.target.base_url);
    let warm_up = match record.warm_up_ms {
        0 => String::new(),
        ms => format!(" after {} of warm-up", seconds(ms)),
    };
    let _ = writeln!(text, "  time     {}{warm_up}", seconds(record.duration_ms));
    if let Some((name, parts)) = figure::parts(record) {
        let _ = writeln!(text, "  {name:<8} {parts}");
    }
    for remark in &record.target.remarks {
        let _ = writeln!(text, "  note     {remark}");
    }
    text.push('\n');
}

fn operations(text: &mut String, record: &LoadRecord, options: &Options) {
    let sent: Vec<&Operation> = record.operations.iter().filter(|it| it.count > 0).collect();
    let shown = if options.verbose { sent.len() } else { SHOWN };
    let names = sent.iter().take(shown).map(|it| it.name.chars().count());
    let width = names.max().unwrap_or(0).clamp(9, 60);
    let _ = writeln!(
        text,
        "{:<width$} {:>9} {:>9} {:>7} {:>9} {:>9} {:>9} {:>9}",
        "operation", "requests", "a second", "errors", "p50", "p95", "p99", "max"
    );
    for one in sent.iter().take(shown) {
        row(text, &one.name, one, width);
    }
    if sent.len() > shown {
        let _ = writeln!(text, "… and {} more; -v shows all", sent.len() - shown);
    }
    row(text, "all", &record.total, width);
    text.push('\n');
}

fn row(text: &mut String, name: &str, one: &Operation, width: usize) {
    let Latency {
        p50, p95, p99, max, ..
    } = one.response;
    let _ = writeln!(
        text,
        "{name:<width$} {:>9} {:>9.1} {:>7} {:>9} {:>9} {:>9} {:>9}",
        one.count,
        one.rate,
        one.errors.count,
        time(p50),
        time(p95),
        time(p99),
        time(max)
    );
}

fn errors(text: &mut String, record: &LoadRecord) {
    let errors = &record.total.errors;
    if errors.count == 0 {
        return;
    }
    let _ = writeln!(text, "{} requests did not end as expected", errors.count);
    for (status, count) in &errors.by_status {
        let _ = writeln!(text, "  {count:>9}  status {status}");
    }
    for (kind, count) in &errors.by_scim_type {
        let _ = writeln!(text, "  {count:>9}  of them {kind}");
    }
    for (cause, count) in &errors.by_cause {
        let _ = writeln!(text, "  {count:>9}  {cause}");
    }
    text.push('\n');
}

fn correctness(text: &mut String, record: &LoadRecord) {
    let seen = &record.correctness;
    let kinds = wrongs(record);
    if kinds.iter().all(|(count, _)| *count == 0) {
        let _ = writeln!(
            text,
            "answers   all as expected; {} were put to the full set of checks\n",
            seen.sampled
        );
        return;
    }
    let _ = writeln!(text, "what was wrong in answers");
    for (count, what) in kinds.iter().filter(|(count, _)| *count > 0) {
        let _ = writeln!(text, "  {count:>9}  {what}");
    }
    for example in &seen.examples {
        let _ = writeln!(
            text,
            "  {} in {}: {} (X-Request-Id {})",
            example.kind, example.operation, example.detail, example.request
        );
    }
    text.push('\n');
}

fn cost(text: &mut String, record: &LoadRecord) {
    if record.cost.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "{:>9} {:>9} {:>9} {:>9} {:>9}",
        "members", "batch", "requests", "p50", "p99"
    );
    for cell in &record.cost {
        let _ = writeln!(
            text,
            "{:>9} {:>9} {:>9} {:>9} {:>9}",
            cell.members,
            cell.batch,
            cell.count,
            time(cell.p50),
            time(cell.p99)
        );
    }
    text.push('\n');
}

fn verdict(text: &mut String, record: &LoadRecord) {
    if let Some(found) = &record.breakpoint {
        let rate = |rate: Option<f64>| rate.map_or_else(|| "none".to_owned(), |it| it.to_string());
        let _ = writeln!(
            text,
            "rate      last that held: {}; first that broke: {}{}",
            rate(found.last_good_rate),
            rate(found.broken_at_rate),
            found
                .threshold
                .as_ref()
                .map_or_else(String::new, |it| format!(" ({it})"))
        );
    }
    for threshold in &record.thresholds {
        let mark = if threshold.held {
            "held     "
        } else {
            "crossed  "
        };
        let _ = writeln!(
            text,
            "{mark} {} (measured {})",
            threshold.text, threshold.measured
        );
    }
    if let Some(open) = figure::unjudged(record) {
        let _ = writeln!(text, "open      {open}");
    }
    shortfall(text, record);
    if let Some(why) = &record.stopped {
        let _ = writeln!(text, "stopped   {why}");
    }
    let cleanup = &record.cleanup;
    let _ = writeln!(
        text,
        "clean-up  {} of {} resources removed",
        cleanup.deleted, cleanup.created
    );
    for left in cleanup.leftover.iter().take(10) {
        let _ = writeln!(text, "  left: {}: {}", left.resource, left.reason);
    }
    if cleanup.leftover.len() > 10 {
        let _ = writeln!(text, "  … and {} more", cleanup.leftover.len() - 10);
    }
    let outcome = &record.outcome;
    if outcome.exit_code != 0 {
        let _ = writeln!(
            text,
            "exit {}: {}",
            outcome.exit_code,
            outcome.reasons.join(", ")
        );
    }
}

fn shortfall(text: &mut String, record: &LoadRecord) {
    if let Some((no_verdict, why)) = figure::shortfall(record) {
        let word = if no_verdict {
            "no verdict:"
        } else {
            "unsent   "
        };
        let _ = writeln!(text, "{word} {why}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::load::{Threshold, histogram};
    use crate::record::{RunOutcome, Tool};

    #[test]
    fn a_run_is_told_with_its_figures_and_what_it_crossed() {
        let mut response = histogram();
        response.record_n(1_500, 10).unwrap();
        let mut record = LoadRecord::new(Tool::default(), 1);
        record.profile.name = "spike".to_owned();
        record.total = Operation {
            count: 10,
            rate: 5.0,
            response: Latency::of(&response),
            ..Operation::default()
        };
        record.operations = vec![Operation {
            name: "user.match".to_owned(),
            ..record.total.clone()
        }];
        record.thresholds = vec![Threshold {
            text: "p99<1ms".to_owned(),
            measured: "1.50ms".to_owned(),
            held: false,
        }];
        record.outcome = RunOutcome {
            exit_code: 6,
            reasons: vec!["threshold-crossed".to_owned()],
        };
        let text = render(&record, &Options::default());
        for part in [
            "user.match",
            "1.50 ms",
            "crossed   p99<1ms (measured 1.50ms)",
            "exit 6: threshold-crossed",
            "all as expected",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
