//! A load run in Markdown, for a pull request or the summary of a CI step.
//!
//! Every value is written in character references, so that it makes no markup, no link and no workflow command.

use std::fmt::Write as _;

use super::figure;
use crate::record::load::{LoadRecord, Operation};
use crate::report::markdown::{code, text};
use crate::report::word;

/// Rows of one table.
const ROWS: usize = 100;

/// The record as a summary.
pub(super) fn render(record: &LoadRecord) -> String {
    let mut out = head(record);
    thresholds(&mut out, record);
    out += "\n### Generator\n\n";
    for sentence in figure::health(record) {
        let _ = writeln!(out, "{}", text(&sentence));
    }
    operations(&mut out, record);
    errors(&mut out, record);
    if let Some(said) = figure::retries(record) {
        let _ = writeln!(out, "\n### Retries\n\n{}.", text(&said));
    }
    correctness(&mut out, record);
    cost(&mut out, record);
    foot(&mut out, record);
    out
}

fn head(record: &LoadRecord) -> String {
    let verdict = figure::verdict(record);
    let mut out = format!(
        "## scimitar load: {} {}\n\n{} on {}: {}\n\n",
        verdict.symbol,
        verdict.word,
        code(&record.profile.name),
        code(&record.target.base_url),
        text(&record.profile.description)
    );
    if let Some((name, parts)) = figure::parts(record) {
        let _ = writeln!(out, "{name}: {}\n", text(&parts));
    }
    if let Some((no_verdict, why)) = figure::shortfall(record) {
        let word = if no_verdict { "No verdict" } else { "Unsent" };
        let _ = writeln!(out, "> ! {word}: {}\n", text(why));
    }
    if let Some(why) = &record.stopped {
        let _ = writeln!(out, "> ! The run ended before its time: {}\n", text(why));
    }
    for remark in record.target.remarks.iter().take(ROWS) {
        let _ = writeln!(out, "> ! {}\n", text(remark));
    }
    out
}

fn thresholds(out: &mut String, record: &LoadRecord) {
    if let Some(found) = &record.breakpoint {
        let rate = |rate: Option<f64>| rate.map_or_else(|| "none".to_owned(), |it| it.to_string());
        let broken = found
            .threshold
            .as_deref()
            .map_or_else(String::new, |it| format!(" ({})", code(it)));
        let _ = writeln!(
            out,
            "Requests a second: last rate that held **{}**, first that broke {}{broken}\n",
            rate(found.last_good_rate),
            rate(found.broken_at_rate),
        );
    }
    if let Some(open) = figure::unjudged(record) {
        let _ = writeln!(out, "Open: {}\n", text(&open));
        return;
    }
    if record.thresholds.is_empty() {
        *out += "The run was held against no threshold.\n";
        return;
    }
    *out += "| Threshold | Measured | Outcome |\n|---|--:|---|\n";
    for one in record.thresholds.iter().take(ROWS) {
        let outcome = if one.held {
            "✓ held"
        } else {
            "✗ **crossed**"
        };
        let _ = writeln!(
            out,
            "| {} | {} | {outcome} |",
            code(&one.text),
            text(&one.measured)
        );
    }
}

fn operations(out: &mut String, record: &LoadRecord) {
    *out += "\n### Operations\n\n| Operation | Requests | a second | Errors | p50 | p95 | p99 | p99.9 | Max |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n";
    let sent = || record.operations.iter().filter(|it| it.count > 0);
    for one in sent().take(ROWS) {
        row(out, &code(&one.name), one);
    }
    row(out, "**all**", &record.total);
    let left = sent().count().saturating_sub(ROWS);
    if left > 0 {
        let _ = writeln!(out, "\n… and {left} more operations");
    }
}

fn row(out: &mut String, name: &str, one: &Operation) {
    let times = &one.response;
    let _ = writeln!(
        out,
        "| {name} | {} | {:.1} | {} | {} | {} | {} | {} | {} |",
        one.count,
        one.rate,
        one.errors.count,
        figure::time(times.p50),
        figure::time(times.p95),
        figure::time(times.p99),
        figure::time(times.p999),
        figure::time(times.max)
    );
}

fn errors(out: &mut String, record: &LoadRecord) {
    let errors = &record.total.errors;
    if errors.count == 0 {
        return;
    }
    let _ = writeln!(
        out,
        "\n### Errors\n\n{} of {} ({})\n\n| Kind | Requests |\n|---|--:|",
        errors.count,
        word::count(record.total.count, "request", "requests"),
        figure::share(errors.count, record.total.count)
    );
    for (status, count) in errors.by_status.iter().take(ROWS) {
        let _ = writeln!(out, "| status {status} | {count} |");
    }
    for (cause, count) in errors.by_cause.iter().take(ROWS) {
        let _ = writeln!(out, "| {} | {count} |", text(cause));
    }
    for (kind, count) in errors.by_scim_type.iter().take(ROWS) {
        let _ = writeln!(out, "| scimType {} | {count} |", text(kind));
    }
}

fn correctness(out: &mut String, record: &LoadRecord) {
    let wrongs = figure::wrongs(record);
    *out += "\n### Correctness\n\n";
    if wrongs.iter().all(|(count, _)| *count == 0) {
        let _ = writeln!(
            out,
            "All answers were as expected; {} were put to the full set of checks.",
            record.correctness.sampled
        );
        return;
    }
    for (count, what) in wrongs.iter().filter(|(count, _)| *count > 0) {
        let _ = writeln!(out, "- {count} {what}");
    }
    for example in record.correctness.examples.iter().take(ROWS) {
        let _ = writeln!(
            out,
            "- {} in {}: {} (X-Request-Id {})",
            text(&example.kind),
            code(&example.operation),
            text(&example.detail),
            code(&example.request)
        );
    }
}

fn cost(out: &mut String, record: &LoadRecord) {
    if record.cost.is_empty() {
        return;
    }
    *out += "\n### Cost of a membership change\n\n| Members | a request adds | Requests | p50 | p99 |\n|--:|--:|--:|--:|--:|\n";
    for cell in record.cost.iter().take(ROWS) {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            cell.members,
            cell.batch,
            cell.count,
            figure::time(cell.p50),
            figure::time(cell.p99)
        );
    }
}

fn foot(out: &mut String, record: &LoadRecord) {
    let cleanup = &record.cleanup;
    let _ = writeln!(
        out,
        "\n### Clean-up\n\n{} of {} deleted",
        cleanup.deleted,
        word::count(cleanup.created, "created resource", "created resources")
    );
    for left in cleanup.leftover.iter().take(ROWS) {
        let _ = writeln!(
            out,
            "- left behind: {} {}",
            code(&left.resource),
            text(&left.reason)
        );
    }
    if cleanup.leftover.len() > ROWS {
        let _ = writeln!(out, "- … and {} more", cleanup.leftover.len() - ROWS);
    }
    let _ = writeln!(
        out,
        "\nscimitar {} · seed {} · {} after {} of warm-up · started {} · exit code {}",
        text(&record.tool.version),
        record.seed,
        word::duration(record.duration_ms),
        word::duration(record.warm_up_ms),
        text(&record.started),
        record.outcome.exit_code
    );
}
