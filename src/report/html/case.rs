//! A case as the page shows it: its findings, and the exchanges that show them.

use std::collections::HashSet;

use serde::Serialize;

use super::Limits;
use super::exchange::ExchangeView;
use super::page::{Mark, clean, link};
use crate::record::{CaseRecord, Finding, Outcome, RequirementRecord};
use crate::report::escape;
use crate::report::view::{self, View};
use crate::report::word::{self, State};

/// One case.
#[derive(Serialize)]
pub(super) struct CaseView {
    id: String,
    title: String,
    kind: &'static str,
    mark: Mark,
    level: &'static str,
    took: String,
    error: Option<String>,
    expected: Option<String>,
    skip_reason: Option<String>,
    told: Option<String>,
    findings: Vec<FindingView>,
    findings_left: usize,
    /// Exchanges of the case that no finding shows.
    exchanges: Vec<ExchangeView>,
    judges: Vec<JudgedView>,
    judges_left: usize,
}

#[derive(Serialize)]
struct FindingView {
    mark: Mark,
    level: &'static str,
    requirement: String,
    source: Option<String>,
    link: Option<String>,
    statement: Option<String>,
    then: Option<String>,
    check: String,
    at: String,
    expected: String,
    actual: String,
    count: u64,
    tolerance: Option<String>,
    known: Option<String>,
    hint: Option<String>,
    /// What a hint draws or can be run, line by line.
    drawn: Option<String>,
    curl: Option<String>,
    exchanges: Vec<ExchangeView>,
    /// Exchanges that the page shows elsewhere.
    seen: Vec<u64>,
    /// Exchanges that the page has no room for.
    missing: Vec<u64>,
}

#[derive(Serialize)]
struct JudgedView {
    id: String,
    mark: Mark,
    level: &'static str,
}

/// What the page still has room for, and which exchanges it shows already.
pub(super) struct Evidence {
    limits: Limits,
    /// Findings of each admitted case, worst cases first, by id.
    admitted: HashSet<String>,
    findings: usize,
    findings_left: usize,
    bytes: usize,
    shown: HashSet<u64>,
}

impl Evidence {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            admitted: HashSet::new(),
            findings: limits.findings,
            findings_left: 0,
            bytes: limits.evidence,
            shown: HashSet::new(),
        }
    }

    /// Names the cases whose findings have room, in order of their worth: each gets its first finding before any gets more.
    pub(super) fn admit<'a>(&mut self, cases: impl Iterator<Item = &'a CaseRecord>) {
        for case in cases.filter(|case| !case.findings.is_empty()) {
            if self.findings == 0 {
                break;
            }
            self.findings -= 1;
            self.admitted.insert(case.id.clone());
        }
    }

    /// Findings that the page has no room for.
    pub(super) fn findings_left(&self) -> usize {
        self.findings_left
    }

    /// How many findings of the case are shown.
    fn take(&mut self, case: &CaseRecord) -> usize {
        let all = case.findings.len();
        let first = usize::from(self.admitted.contains(&case.id)).min(all);
        let more = (all - first).min(self.findings);
        self.findings -= more;
        self.findings_left += all - first - more;
        first + more
    }
}

impl CaseView {
    pub(super) fn new(
        view: &View<'_>,
        case: &CaseRecord,
        judges: &[&RequirementRecord],
        evidence: &mut Evidence,
    ) -> Self {
        /// Requirements that one case names.
        const JUDGES: usize = 20;
        let limit = evidence.limits.value;
        let text = |text: &Option<String>| text.as_deref().map(|text| clean(text, limit));
        let room = evidence.take(case);
        let findings = view::findings(case)
            .into_iter()
            .take(room)
            .map(|finding| FindingView::new(view, finding, evidence))
            .collect();
        Self {
            id: clean(&case.id, 200),
            title: clean(&case.title, limit.min(400)),
            kind: word::kind(case.kind),
            mark: Mark::state(State::of(case)),
            level: view::level(case)
                .or_else(|| judges.iter().map(|row| row.level).min())
                .map_or("", word::level_key),
            took: word::duration(case.duration_ms),
            error: text(&case.error),
            expected: text(&case.expected),
            skip_reason: text(&case.skip_reason),
            told: text(&case.told),
            findings,
            findings_left: case.findings.len() - room,
            exchanges: own_exchanges(view, case, evidence),
            judges: judges.iter().take(JUDGES).map(|row| judged(row)).collect(),
            judges_left: judges.len().saturating_sub(JUDGES),
        }
    }
}

impl FindingView {
    fn new(view: &View<'_>, finding: &Finding, evidence: &mut Evidence) -> Self {
        let limit = evidence.limits.value;
        let requirement = view.requirement(&finding.requirement);
        let text = |text: &Option<String>| text.as_deref().map(|text| clean(text, limit));
        let (hint, drawn) = view::hint(finding);
        let drawn = drawn.map(|drawn| escape::block(&escape::clipped(drawn, limit)).into_owned());
        let mut shown = Self {
            mark: Mark::outcome(finding.outcome),
            level: word::level(finding.level),
            requirement: clean(&finding.requirement, 200),
            source: requirement
                .map(|row| clean(&format!("{} §{}", row.document, row.section), 100)),
            link: requirement.and_then(|row| link(&row.link)),
            statement: requirement.map(|row| clean(&row.statement, limit)),
            then: requirement.and_then(|row| text(&row.then)),
            check: clean(&finding.check, 100),
            at: clean(&finding.at, limit),
            expected: clean(&finding.expected, limit),
            actual: clean(&finding.actual, limit),
            count: finding.count,
            tolerance: text(&finding.tolerance),
            known: text(&finding.expected_failure),
            hint: hint.map(|hint| clean(hint, limit)),
            drawn,
            curl: finding.curl.as_deref().map(|curl| curl_line(curl, limit)),
            exchanges: Vec::new(),
            seen: Vec::new(),
            missing: Vec::new(),
        };
        for n in &finding.exchanges {
            match admit(view, *n, evidence) {
                Admission::Shown(exchange) => shown.exchanges.push(*exchange),
                Admission::Seen => shown.seen.push(*n),
                Admission::Missing => shown.missing.push(*n),
            }
        }
        shown
    }
}

enum Admission {
    Shown(Box<ExchangeView>),
    Seen,
    Missing,
}

fn admit(view: &View<'_>, n: u64, evidence: &mut Evidence) -> Admission {
    if evidence.shown.contains(&n) {
        return Admission::Seen;
    }
    let Some(exchange) = view.exchange(n) else {
        return Admission::Missing;
    };
    if evidence.bytes == 0 {
        return Admission::Missing;
    }
    let shown = ExchangeView::new(exchange, evidence.limits.body);
    let weight = shown.weight();
    if weight > evidence.bytes {
        evidence.bytes = 0;
        return Admission::Missing;
    }
    evidence.bytes -= weight;
    evidence.shown.insert(n);
    Admission::Shown(Box::new(shown))
}

/// The exchanges of a case that ended in an error: no finding cites them.
fn own_exchanges(view: &View<'_>, case: &CaseRecord, evidence: &mut Evidence) -> Vec<ExchangeView> {
    /// Exchanges of one such case.
    const OWN: usize = 3;
    if case.outcome != Outcome::Error {
        return Vec::new();
    }
    let numbers = view.exchanges_of(&case.id);
    let admitted = numbers.iter().map(|n| admit(view, *n, evidence));
    admitted
        .filter_map(|admission| match admission {
            Admission::Shown(exchange) => Some(*exchange),
            Admission::Seen | Admission::Missing => None,
        })
        .take(OWN)
        .collect()
}

fn judged(row: &RequirementRecord) -> JudgedView {
    JudgedView {
        id: clean(&row.id, 200),
        mark: Mark::outcome(row.outcome),
        level: word::level(row.level),
    }
}

/// A curl line as it is copied, or a word that it is too long for the page.
fn curl_line(curl: &str, limit: usize) -> String {
    if curl.len() > limit {
        return format!("# {} bytes, see run.json", curl.len());
    }
    escape::block(curl).into_owned()
}
