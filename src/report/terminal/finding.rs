//! What was found, in full for failures and errors, short for warnings and notes.

use std::fmt::Write as _;

use super::page::{Page, Tone};
use super::{case_line, heading};
use crate::record::{CaseKind, CaseRecord, Finding, Outcome, RunRecord};
use crate::report::view::{self, View};
use crate::report::word::{self, State};

/// Findings of one case that are shown unless all are asked for.
const FINDINGS: usize = 10;
/// Cases that are shown in full unless all are asked for.
const CASES: usize = 200;

/// The cases that ended so, each with all that is needed to see it again.
pub(super) fn write(page: &mut Page, view: &View<'_>, outcome: Outcome, verbose: bool) {
    let cases: Vec<_> = view.cases(State::Outcome(outcome)).collect();
    if cases.is_empty() {
        return;
    }
    let title = if outcome == Outcome::Fail {
        "Failures"
    } else {
        "Not judged, and not the server's fault"
    };
    page.title(&heading(title, cases.len()));
    let shown = if verbose { cases.len() } else { CASES };
    for case in cases.iter().take(shown) {
        page.gap();
        case_line(page, case);
        if let Some(error) = &case.error {
            page.field(4, "cause", error);
        }
        let findings = view::findings(case);
        let limit = if verbose { findings.len() } else { FINDINGS };
        let mut last = None;
        for (at, finding) in findings.iter().take(limit).enumerate() {
            if at > 0 {
                page.gap();
            }
            full(page, view, finding);
            match finding.curl.as_deref() {
                Some(_) if finding.curl.as_deref() == last => page.field(4, "curl", "as above"),
                Some(curl) => page.verbatim(4, "curl", curl),
                None => {}
            }
            last = finding.curl.as_deref();
        }
        super::left_out(page, findings.len(), limit);
        if case.kind == CaseKind::Scenario {
            page.verbatim(4, "again", &again(view.record, case));
        }
    }
    super::left_out(page, cases.len(), shown);
}

/// The findings of a case in two or three lines each.
pub(super) fn brief(page: &mut Page, view: &View<'_>, case: &CaseRecord, verbose: bool) {
    let findings = view::findings(case);
    let limit = if verbose { findings.len() } else { FINDINGS };
    for finding in findings.iter().take(limit) {
        requirement(page, view, finding);
        page.field(4, place(finding), &difference(finding));
        page.hint(4, view::hint(finding));
    }
    super::left_out(page, findings.len(), limit);
}

fn full(page: &mut Page, view: &View<'_>, finding: &Finding) {
    requirement(page, view, finding);
    if let Some(requirement) = view.requirement(&finding.requirement) {
        page.field(4, "", &requirement.statement);
        page.verbatim(4, "", &requirement.link);
        if let Some(then) = &requirement.then {
            page.field(4, "then", &format!("the client {then}"));
        }
    }
    if let Some(reason) = &finding.expected_failure {
        page.field(4, "known", reason);
    }
    if !finding.at.is_empty() {
        page.field(4, "at", &finding.at);
    }
    page.field(4, "expected", &finding.expected);
    page.field(4, "actual", &finding.actual);
    if finding.count > 1 {
        page.field(4, "seen", &format!("{} times", finding.count));
    }
    page.hint(4, view::hint(finding));
}

/// The command that runs a case again, with its set-up: what the run created is gone by now.
fn again(record: &RunRecord, case: &CaseRecord) -> String {
    let target = if record.target.embedded {
        "--embedded"
    } else {
        &record.target.base_url
    };
    let mut command = format!("scimitar test {target} --only '{}'", case.id);
    if record.seed != 1 {
        let _ = write!(command, " --seed {}", record.seed);
    }
    if record.grading == "strict" {
        command += " --strict";
    }
    command
}

fn requirement(page: &mut Page, view: &View<'_>, finding: &Finding) {
    if finding.requirement.is_empty() {
        return;
    }
    let level = word::level(finding.level);
    let source = view
        .requirement(&finding.requirement)
        .map(|requirement| format!(" · {} §{}", requirement.document, requirement.section))
        .unwrap_or_default();
    let tolerance = finding
        .tolerance
        .as_ref()
        .map(|id| format!(" · tolerated as {id}"))
        .unwrap_or_default();
    page.parts(
        4,
        &[
            (
                Tone::State(State::Outcome(finding.outcome)),
                &format!("{level:<9}"),
            ),
            (
                Tone::Plain,
                &format!("{}{source}{tolerance}", finding.requirement),
            ),
        ],
    );
}

fn place(finding: &Finding) -> &'static str {
    if finding.at.is_empty() { "" } else { "at" }
}

fn difference(finding: &Finding) -> String {
    let at = if finding.at.is_empty() {
        String::new()
    } else {
        format!("{}: ", finding.at)
    };
    let times = if finding.count > 1 {
        format!(" ({} times)", finding.count)
    } else {
        String::new()
    };
    format!(
        "{at}expected {}, got {}{times}",
        finding.expected, finding.actual
    )
}
