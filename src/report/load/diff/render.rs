//! A comparison for its readers: at a terminal, in a pull request, for another program.

use std::fmt::Write as _;

use super::{Conclusion, Finding, LoadDiff, Metric, OperationChange};
use crate::report::load::figure;
use crate::report::markdown::{code, text as marked};
use crate::report::{Format, Options, ReportError, escape};

/// The formats that a comparison can be rendered in.
pub const DIFF_FORMATS: [Format; 3] = [Format::Terminal, Format::Json, Format::Markdown];

/// Operations that are shown unless all are asked for.
const SHOWN: usize = 30;

/// Renders a comparison.
///
/// # Errors
/// Where the format is not for comparisons.
pub fn render_diff(
    format: Format,
    diff: &LoadDiff,
    options: &Options,
) -> Result<String, ReportError> {
    match format {
        Format::Json => Ok(serde_json::to_string_pretty(diff)? + "\n"),
        Format::Markdown => Ok(markdown(diff)),
        Format::Terminal => Ok(escape::block(&terminal(diff, options)).into_owned()),
        _ => Err(ReportError::NotOfDiff(format)),
    }
}

fn terminal(diff: &LoadDiff, options: &Options) -> String {
    let mut out = format!("{}: B against A\n", diff.profile);
    if !options.quiet {
        let _ = writeln!(out, "  {}\n", method(diff));
        if !diff.metrics.is_empty() {
            let _ = writeln!(
                out,
                "{:<11} {:>10} {:>10} {:>10}   {:<24} finding",
                "", "A", "B", "change", "interval"
            );
        }
    }
    for metric in &diff.metrics {
        let _ = writeln!(
            out,
            "{:<11} {:>10} {:>10} {:>10}   {:<24} {}",
            metric.name,
            value(metric, metric.a),
            value(metric, metric.b),
            change(metric, metric.change),
            interval(metric),
            finding(metric.finding)
        );
    }
    for wrong in &diff.correctness {
        let [a, b] = wrong.counts;
        let _ = writeln!(
            out,
            "{:<13} {a:>8} {b:>10} {:>37}   {}",
            wrong.name,
            "",
            finding(wrong.finding)
        );
    }
    if !options.quiet {
        operations(&mut out, diff, options);
    }
    out.push('\n');
    for note in &diff.notes {
        let _ = writeln!(out, "note: {note}");
    }
    for why in &diff.no_verdict {
        let _ = writeln!(out, "no verdict: {why}");
    }
    let _ = writeln!(out, "{}", conclusion(diff));
    out
}

fn operations(out: &mut String, diff: &LoadDiff, options: &Options) {
    let shown = if options.verbose {
        diff.operations.len()
    } else {
        SHOWN
    };
    let all = || diff.operations.iter().take(shown);
    let width = all()
        .map(|it| it.name.chars().count())
        .max()
        .unwrap_or(0)
        .clamp(9, 60);
    let _ = writeln!(
        out,
        "\n{:<width$} {:>10} {:>10} {:>10} {:>10} {:>9} {:>9}",
        "whole run", "p50 A", "p50 B", "p99 A", "p99 B", "errors A", "errors B"
    );
    for one in all() {
        let [cells @ .., errors_a, errors_b] = row(one);
        let [a, b, c, d] = cells;
        let _ = writeln!(
            out,
            "{:<width$} {a:>10} {b:>10} {c:>10} {d:>10} {errors_a:>9} {errors_b:>9}",
            one.name
        );
    }
    if diff.operations.len() > shown {
        let _ = writeln!(
            out,
            "… and {} more; -v shows all",
            diff.operations.len() - shown
        );
    }
}

fn row(one: &OperationChange) -> [String; 6] {
    let [p50, p99] = [one.p50, one.p99].map(|pair| pair.map(figure::time));
    let [a, b] = p50;
    let [c, d] = p99;
    let [errors_a, errors_b] = one.errors.map(|count| count.to_string());
    [a, b, c, d, errors_a, errors_b]
}

fn markdown(diff: &LoadDiff) -> String {
    let mut out = format!(
        "## scimitar diff: {}\n\n{}: B against A. {}\n\n",
        marked(&conclusion(diff)),
        code(&diff.profile),
        marked(&method(diff))
    );
    if !diff.metrics.is_empty() {
        out += "| Figure | A | B | Change | Interval | Finding |\n|---|--:|--:|--:|--:|---|\n";
    }
    for metric in &diff.metrics {
        let bold = if metric.finding == Finding::Worse {
            "**"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {bold}{}{bold} |",
            metric.name,
            value(metric, metric.a),
            value(metric, metric.b),
            change(metric, metric.change),
            interval(metric),
            finding(metric.finding)
        );
    }
    if !diff.correctness.is_empty() {
        out += "\n| Answered wrongly | A | B | Finding |\n|---|--:|--:|---|\n";
    }
    for wrong in &diff.correctness {
        let [a, b] = wrong.counts;
        let name = wrong.name;
        let _ = writeln!(out, "| {name} | {a} | {b} | {} |", finding(wrong.finding));
    }
    out += "\n| Whole run | p50 A | p50 B | p99 A | p99 B | errors A | errors B |\n|---|--:|--:|--:|--:|--:|--:|\n";
    for one in diff.operations.iter().take(100) {
        let _ = writeln!(out, "| {} | {} |", code(&one.name), row(one).join(" | "));
    }
    for note in &diff.notes {
        let _ = write!(out, "\n> {}\n", marked(note));
    }
    for why in &diff.no_verdict {
        let _ = write!(out, "\n> ! No verdict: {}\n", marked(why));
    }
    out
}

/// How the comparison was made.
fn method(diff: &LoadDiff) -> String {
    let [a, b] = diff.seconds;
    let seconds = if diff.paired {
        format!("{a} seconds of both, held against each other one by one")
    } else {
        format!("{a} seconds of A and {b} of B")
    };
    format!(
        "{seconds}; times are means over the seconds; intervals by a bootstrap of blocks of {} s, together 95 %",
        diff.block
    )
}

/// The comparison in a line.
fn conclusion(diff: &LoadDiff) -> String {
    let tolerated = percent(diff.tolerance);
    let named = |wanted: Finding| {
        let all = diff
            .metrics
            .iter()
            .filter(|metric| metric.finding == wanted);
        let all = all.map(|metric| format!("{} {}", metric.name, change(metric, metric.change)));
        let wrong = diff.correctness.iter();
        let wrong = wrong.filter(|it| it.finding == wanted);
        let wrong = wrong.map(|it| format!("{} {} to {}", it.name, it.counts[0], it.counts[1]));
        let all = all.chain(wrong);
        all.collect::<Vec<_>>().join(", ")
    };
    match diff.conclusion {
        Conclusion::NoVerdict => "no verdict".to_owned(),
        Conclusion::Regression => format!(
            "regression: {}, beyond the {tolerated} that are tolerated",
            named(Finding::Worse)
        ),
        Conclusion::Tolerated => format!(
            "worse within the {tolerated} that are tolerated: {}",
            named(Finding::Tolerated)
        ),
        Conclusion::Improvement => format!("better: {}", named(Finding::Better)),
        Conclusion::NoDifference => "no difference shown: noise explains what there is".to_owned(),
    }
}

fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Worse => "✗ worse",
        Finding::Tolerated => "! worse, tolerated",
        Finding::Better => "✓ better",
        Finding::NoDifference => "· no difference shown",
    }
}

fn value(metric: &Metric, value: f64) -> String {
    match metric.name {
        "rate" => format!("{value:.1}/s"),
        "error-rate" => format!("{:.3} %", value * 100.0),
        _ => figure::time(micros(value)),
    }
}

fn change(metric: &Metric, value: f64) -> String {
    // What is shown as nothing has no sign.
    let value = if value.abs() < 5e-6 { 0.0 } else { value };
    match metric.name {
        "error-rate" => format!("{:+.3} pp", value * 100.0),
        _ => format!("{:+.1} %", value * 100.0),
    }
}

fn interval(metric: &Metric) -> String {
    if metric.high > 9.99 && metric.name != "error-rate" {
        return format!("{} to more", change(metric, metric.low));
    }
    format!(
        "{} to {}",
        change(metric, metric.low),
        change(metric, metric.high)
    )
}

fn percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time of a record, which is whole microseconds"
)]
fn micros(value: f64) -> u64 {
    value.clamp(0.0, 1e15) as u64
}
