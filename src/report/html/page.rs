//! What the page shows beside its cases: verdicts, counts, requirements, skips, clean-up, target.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Limits;
use super::case::{CaseView, Evidence};
use super::claim::claims;
use super::readiness::{ClientView, clients};
use super::revocation::{RevocationView, revocation};
use crate::record::{CaseRecord, Outcome, PackVerdict, RequirementRecord, RunRecord};
use crate::report::escape;
use crate::report::view::{self, View};
use crate::report::word::{self, State};

/// All that the template needs.
#[derive(Serialize)]
pub(super) struct PageView {
    title: Mark,
    version: String,
    target: String,
    facts: Vec<(&'static str, String)>,
    remarks: Vec<String>,
    verdicts: Vec<VerdictView>,
    clients: Vec<ClientView>,
    revocation: Option<RevocationView>,
    counts: Vec<CountView>,
    total: usize,
    packs: Vec<PackView>,
    cases_left: usize,
    findings_left: usize,
    requirements: Vec<RequirementView>,
    requirements_left: usize,
    skips: Vec<SkipView>,
    cleanup: CleanupView,
    claims: Vec<(String, String)>,
}

/// A symbol, its word and the key of its colour.
#[derive(Clone, Serialize)]
pub(super) struct Mark {
    symbol: &'static str,
    word: &'static str,
    key: &'static str,
}

/// The verdict on a pack in numbers.
#[derive(Serialize)]
pub(super) struct VerdictView {
    pack: String,
    mark: Mark,
    gate: bool,
    judged: u64,
    held: u64,
    failed: u64,
    skipped: u64,
    never: u64,
    should_failed: u64,
}

#[derive(Serialize)]
struct CountView {
    mark: Mark,
    counted: &'static str,
    count: u64,
    /// Place and width in the bar, in thousandths.
    at: u64,
    width: u64,
}

#[derive(Serialize)]
struct PackView {
    name: String,
    cases: Vec<CaseView>,
}

#[derive(Serialize)]
struct RequirementView {
    id: String,
    mark: Mark,
    level: &'static str,
    level_key: &'static str,
    pack: String,
    source: String,
    link: Option<String>,
    statement: String,
    then: Option<String>,
    cases: Vec<String>,
    cases_left: usize,
}

#[derive(Serialize)]
struct SkipView {
    reason: String,
    remedy: Option<String>,
    count: usize,
    cases: Vec<String>,
}

#[derive(Serialize)]
struct CleanupView {
    created: u64,
    deleted: u64,
    leftover: Vec<(String, String)>,
    leftover_left: usize,
}

impl Mark {
    pub(super) fn outcome(outcome: Outcome) -> Self {
        Self::state(State::Outcome(outcome))
    }

    pub(super) fn state(state: State) -> Self {
        Self {
            symbol: state.symbol(),
            word: state.key(),
            key: state.key(),
        }
    }

    pub(super) fn verdict(pack: &PackVerdict) -> Self {
        Self {
            word: word::verdict(pack),
            ..Self::outcome(word::verdict_outcome(pack.verdict))
        }
    }
}

impl PageView {
    pub(super) fn new(view: &View<'_>, limits: Limits) -> Self {
        let record = view.record;
        let line = |text: &str| clean(text, limits.value);
        let mut evidence = Evidence::new(limits);
        let packs = packs(view, limits, &mut evidence);
        let requirements = record.requirements.iter().take(limits.rows);
        Self {
            title: title(record),
            version: line(&record.tool.version),
            target: line(&record.target.base_url),
            facts: facts(record, limits),
            remarks: record
                .target
                .remarks
                .iter()
                .take(limits.rows)
                .map(|text| line(text))
                .collect(),
            verdicts: record
                .verdicts
                .iter()
                .filter(|pack| pack.readiness.is_none())
                .take(limits.rows)
                .map(|pack| verdict(pack, &pack.pack))
                .collect(),
            clients: clients(record, limits),
            revocation: revocation(record),
            counts: counts(view),
            total: record.cases.len(),
            packs,
            cases_left: record.cases.len().saturating_sub(limits.rows),
            findings_left: evidence.findings_left(),
            requirements: requirements.map(|row| requirement(row, limits)).collect(),
            requirements_left: record.requirements.len().saturating_sub(limits.rows),
            skips: skips(view, limits),
            cleanup: cleanup(record, limits),
            claims: claims(record, limits),
        }
    }
}

/// Text on one line, with what is hostile made visible.
pub(super) fn clean(text: &str, limit: usize) -> String {
    escape::line(&escape::clipped(text, limit)).into_owned()
}

/// A link that leads to a page on the web, or none.
pub(super) fn link(link: &str) -> Option<String> {
    let web = link.starts_with("https://") || link.starts_with("http://");
    web.then(|| clean(link, 500))
}

fn title(record: &RunRecord) -> Mark {
    view::decisive(record).map_or(
        Mark {
            symbol: "?",
            word: "nothing was judged",
            key: "error",
        },
        Mark::verdict,
    )
}

fn facts(record: &RunRecord, limits: Limits) -> Vec<(&'static str, String)> {
    let line = |text: &str| clean(text, limits.value);
    let mut facts = vec![
        ("Profile", line(&record.profile)),
        ("Grading", line(&record.grading)),
        ("Seed", record.seed.to_string()),
        ("Started", line(&record.started)),
        ("Took", word::duration(record.duration_ms)),
        ("Exit code", record.outcome.exit_code.to_string()),
    ];
    if !record.label.is_empty() {
        facts.insert(0, ("Label", line(&record.label)));
    }
    if !record.outcome.reasons.is_empty() {
        facts.push(("Because", line(&record.outcome.reasons.join(", "))));
    }
    if record.interrupted {
        facts.push(("Interrupted", "yes: this is a part of the run".to_owned()));
    }
    facts
}

/// The verdict on a pack, under its name or that of the profile that takes a part of it.
pub(super) fn verdict(pack: &PackVerdict, name: &str) -> VerdictView {
    let must = &pack.must;
    VerdictView {
        pack: clean(name, 200),
        mark: Mark::verdict(pack),
        gate: pack.gate,
        judged: must.judged,
        held: must.judged.saturating_sub(must.failed),
        failed: must.failed,
        skipped: must.skipped,
        never: must.never,
        should_failed: pack.should_failed,
    }
}

fn counts(view: &View<'_>) -> Vec<CountView> {
    let total = (view.record.cases.len() as u64).max(1);
    let mut before = 0;
    view.counts()
        .into_iter()
        .map(|(state, count)| {
            let at = before * 1000 / total;
            before += count;
            CountView {
                mark: Mark::state(state),
                counted: state.counted(),
                count,
                at,
                width: before * 1000 / total - at,
            }
        })
        .collect()
}

/// Cases by pack, worst first, otherwise in the order of the plan. Where there are more than the
/// limit, the worst are kept.
fn packs(view: &View<'_>, limits: Limits, evidence: &mut Evidence) -> Vec<PackView> {
    let judged_by = requirements_by_case(view.record);
    let mut kept: Vec<&CaseRecord> = view.record.cases.iter().collect();
    kept.sort_by_cached_key(|case| {
        let state = State::of(case);
        State::ALL.iter().position(|known| *known == state)
    });
    kept.truncate(limits.rows);
    evidence.admit(kept.iter().copied());
    let mut packs: Vec<PackView> = Vec::new();
    for case in kept {
        let name = clean(&case.pack, 100);
        let judges = judged_by
            .get(case.id.as_str())
            .map_or(&[][..], Vec::as_slice);
        let shown = CaseView::new(view, case, judges, evidence);
        match packs.iter_mut().find(|pack| pack.name == name) {
            Some(pack) => pack.cases.push(shown),
            None => packs.push(PackView {
                name,
                cases: vec![shown],
            }),
        }
    }
    let place = |pack: &PackView| {
        view.record
            .verdicts
            .iter()
            .position(|row| row.pack == pack.name)
    };
    packs.sort_by_key(|pack| place(pack).unwrap_or(usize::MAX));
    packs
}

fn requirements_by_case(record: &RunRecord) -> BTreeMap<&str, Vec<&RequirementRecord>> {
    let mut map: BTreeMap<&str, Vec<&RequirementRecord>> = BTreeMap::new();
    for requirement in &record.requirements {
        for case in &requirement.cases {
            map.entry(case).or_default().push(requirement);
        }
    }
    map
}

fn requirement(row: &RequirementRecord, limits: Limits) -> RequirementView {
    /// Cases that one requirement names.
    const CASES: usize = 12;
    RequirementView {
        id: clean(&row.id, 200),
        mark: Mark::outcome(row.outcome),
        level: word::level(row.level),
        level_key: word::level_key(row.level),
        pack: clean(&row.pack, 100),
        source: clean(&format!("{} §{}", row.document, row.section), 100),
        link: link(&row.link),
        statement: clean(&row.statement, limits.value.min(600)),
        then: row
            .then
            .as_deref()
            .map(|then| clean(then, limits.value.min(600))),
        cases: row
            .cases
            .iter()
            .take(CASES)
            .map(|id| clean(id, 200))
            .collect(),
        cases_left: row.cases.len().saturating_sub(CASES),
    }
}

fn skips(view: &View<'_>, limits: Limits) -> Vec<SkipView> {
    /// Cases that one reason names.
    const CASES: usize = 200;
    view.skips()
        .into_iter()
        .take(limits.rows.min(200))
        .map(|group| SkipView {
            reason: clean(group.reason, limits.value.min(600)),
            remedy: group
                .remedy
                .map(|text| clean(&text.replace('`', ""), limits.value.min(600))),
            count: group.cases.len(),
            cases: group
                .cases
                .iter()
                .take(CASES.min(limits.rows))
                .map(|case| clean(&case.id, 200))
                .collect(),
        })
        .collect()
}

fn cleanup(record: &RunRecord, limits: Limits) -> CleanupView {
    let shown = limits.rows.min(500);
    let left = &record.cleanup.leftover;
    CleanupView {
        created: record.cleanup.created,
        deleted: record.cleanup.deleted,
        leftover: left
            .iter()
            .take(shown)
            .map(|row| {
                (
                    clean(&row.resource, limits.value.min(600)),
                    clean(&row.reason, limits.value.min(600)),
                )
            })
            .collect(),
        leftover_left: left.len().saturating_sub(shown),
    }
}
