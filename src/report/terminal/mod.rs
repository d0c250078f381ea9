//! The report for a person at a terminal.
//!
//! What was judged comes first, what failed comes last, and the verdicts stand below all of it, those on
//! clients as a table of readiness, where the eye is when the run ends. Nothing is told by colour alone.

mod finding;
mod header;
mod page;
mod readiness;
mod revocation;

use page::{Page, Tone};

use super::Options;
use super::view::View;
use super::word::{self, State};
use crate::record::{CaseRecord, Outcome, PackVerdict, RunRecord};

/// Ids of cases that are named below one reason for skipping.
const NAMED: usize = 3;
/// Cases without a finding, and leftovers, that are listed one by one unless all are asked for.
const LISTED: usize = 50;

/// The whole report.
pub(super) fn render(record: &RunRecord, options: &Options) -> String {
    let view = View::new(record);
    let mut page = Page::new(options.color, options.width);
    if !options.quiet {
        header::write(&mut page, record);
        if options.verbose {
            passed(&mut page, &view);
        }
        skipped(&mut page, &view, options.verbose);
        expected(&mut page, &view);
        remarked(&mut page, &view, Outcome::Note, options.verbose);
        remarked(&mut page, &view, Outcome::Warn, options.verbose);
    }
    finding::write(&mut page, &view, Outcome::Error, options.verbose);
    finding::write(&mut page, &view, Outcome::Fail, options.verbose);
    if !options.quiet {
        revocation::write(&mut page, record);
    }
    readiness::write(&mut page, record, options.quiet);
    result(&mut page, &view, options.quiet);
    page.finish()
}

fn passed(page: &mut Page, view: &View<'_>) {
    let state = State::Outcome(Outcome::Pass);
    let cases: Vec<_> = view.cases(state).collect();
    if cases.is_empty() {
        return;
    }
    page.title(&heading("Passed", cases.len()));
    for case in cases {
        case_line(page, case);
    }
}

fn skipped(page: &mut Page, view: &View<'_>, verbose: bool) {
    let groups = view.skips();
    if groups.is_empty() {
        return;
    }
    let total = groups.iter().map(|group| group.cases.len()).sum();
    page.title(&heading("Skipped", total));
    for group in &groups {
        let cases = word::count(group.cases.len() as u64, "case", "cases");
        page.text(2, Tone::Plain, &format!("– {cases}: {}", group.reason));
        if let Some(remedy) = &group.remedy {
            page.text(4, Tone::Faint, &format!("runs when {remedy}"));
        }
        let shown = if verbose { group.cases.len() } else { NAMED };
        let mut names: Vec<&str> = group.cases.iter().map(|case| case.id.as_str()).collect();
        let left = names.len().saturating_sub(shown);
        names.truncate(shown);
        let more = if left > 0 {
            format!(" and {left} more")
        } else {
            String::new()
        };
        page.text(4, Tone::Faint, &format!("{}{more}", names.join(", ")));
    }
}

fn expected(page: &mut Page, view: &View<'_>) {
    let cases: Vec<_> = view.cases(State::Expected).collect();
    if cases.is_empty() {
        return;
    }
    page.title(&heading("Failed as expected", cases.len()));
    for case in cases {
        case_line(page, case);
        page.field(4, "reason", case.expected.as_deref().unwrap_or_default());
    }
}

/// Warnings and notes: a short form, one paragraph a finding.
fn remarked(page: &mut Page, view: &View<'_>, outcome: Outcome, verbose: bool) {
    let state = State::Outcome(outcome);
    let cases: Vec<_> = view.cases(state).collect();
    if cases.is_empty() {
        return;
    }
    let title = if outcome == Outcome::Warn {
        "Warnings"
    } else {
        "Notes"
    };
    page.title(&heading(title, cases.len()));
    let shown = if verbose { cases.len() } else { LISTED };
    for case in cases.iter().take(shown) {
        case_line(page, case);
        finding::brief(page, view, case, verbose);
    }
    left_out(page, cases.len(), shown);
}

/// Verdicts on standards, counts, clean-up, exit.
fn result(page: &mut Page, view: &View<'_>, quiet: bool) {
    let record = view.record;
    let packs: Vec<&PackVerdict> = record
        .verdicts
        .iter()
        .filter(|pack| pack.readiness.is_none())
        .collect();
    let judged = !record.verdicts.is_empty();
    if !packs.is_empty() || !judged {
        page.title("Verdict");
    } else if !quiet {
        page.title("Result");
    }
    let widest = |text: fn(&PackVerdict) -> &str| {
        let widths = packs.iter().map(|pack| text(pack).len());
        widths.max().unwrap_or_default()
    };
    let columns = (widest(|pack| &pack.pack), widest(word::verdict));
    for pack in &packs {
        verdict(page, pack, columns);
    }
    if !judged {
        page.text(2, Tone::Plain, "? none: nothing was judged");
    }
    if quiet {
        return;
    }
    if !packs.is_empty() || !judged {
        page.gap();
    }
    let counts: Vec<String> = view
        .counts()
        .into_iter()
        .map(|(state, count)| format!("{} {count} {}", state.symbol(), state.counted()))
        .collect();
    let total = word::count(record.cases.len() as u64, "case", "cases");
    let took = word::duration(record.duration_ms);
    page.field(
        2,
        "result",
        &format!("{total} in {took}: {}", counts.join("  ")),
    );
    cleanup(page, record);
    page.field(2, "exit", &exit(record));
}

/// A pack in one line: its verdict and what it rests on.
fn verdict(page: &mut Page, pack: &PackVerdict, (name, width): (usize, usize)) {
    let outcome = word::verdict_outcome(pack.verdict);
    let tone = Tone::State(State::Outcome(outcome));
    page.parts(
        2,
        &[
            (tone, word::symbol(outcome)),
            (Tone::Strong, &format!("{:name$}", word::pack(pack))),
            (tone, &format!(" {:width$}", word::verdict(pack))),
            (Tone::Plain, &format!(" {}", facts(pack))),
        ],
    );
}

/// What a verdict rests on.
fn facts(pack: &PackVerdict) -> String {
    let must = &pack.must;
    let mut facts = format!(
        "musts: {} judged, {} failed, {} skipped, {} never exercised",
        must.judged, must.failed, must.skipped, must.never
    );
    if pack.should_failed > 0 {
        facts += "; ";
        facts += &word::count(pack.should_failed, "should broken", "shoulds broken");
    }
    if !pack.gate {
        facts += "; does not gate";
    }
    facts
}

fn cleanup(page: &mut Page, record: &RunRecord) {
    let done = &record.cleanup;
    if done.created == 0 && done.leftover.is_empty() {
        page.field(2, "clean-up", "nothing was created");
        return;
    }
    let created = word::count(done.created, "resource", "resources");
    let left = match done.leftover.len() {
        0 => String::new(),
        left => format!("; {left} left behind, `scimitar cleanup` tries again:"),
    };
    let text = format!("{} of {created} deleted{left}", done.deleted);
    page.field(2, "clean-up", &text);
    for leftover in done.leftover.iter().take(LISTED) {
        let text = format!("{}: {}", leftover.resource, leftover.reason);
        page.field(2, "", &text);
    }
    left_out(page, done.leftover.len(), LISTED);
}

fn exit(record: &RunRecord) -> String {
    let outcome = &record.outcome;
    if outcome.reasons.is_empty() {
        format!("{}", outcome.exit_code)
    } else {
        format!("{} ({})", outcome.exit_code, outcome.reasons.join(", "))
    }
}

fn case_line(page: &mut Page, case: &CaseRecord) {
    let state = State::of(case);
    page.parts(
        2,
        &[
            (Tone::State(state), state.symbol()),
            (Tone::Strong, &case.id),
            (Tone::Plain, &format!(" {}", case.title)),
        ],
    );
    if let Some(told) = &case.told {
        page.text(4, Tone::Faint, told);
    }
}

fn heading(title: &str, cases: usize) -> String {
    format!("{title}: {}", word::count(cases as u64, "case", "cases"))
}

fn left_out(page: &mut Page, all: usize, shown: usize) {
    if all > shown {
        let text = format!(
            "… and {} more; -v lists them, and so do the report files",
            all - shown
        );
        page.text(4, Tone::Faint, &text);
    }
}
