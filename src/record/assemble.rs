//! From the events of a run to its record, while the run goes on and after a crash alike.
//!
//! The one place where verdicts and outcomes of requirements are put together.

use std::collections::BTreeMap;

use super::event::{CaseFinished, Event, Judged, Planned, RunFinished, RunStarted};
use super::evidence::{RECORD_LIMIT, weight};
use super::outcome::worst;
use super::readiness::readiness;
use super::revocation::revocation;
use super::verdict::{Said, verdict};
use super::{
    CaseRecord, Cleanup, Leftover, Outcome, PackVerdict, RequirementRecord, RunOutcome, RunRecord,
    Summary,
};
use crate::exchange::Exchange;
use crate::requirement::{Catalogue, Requirement};

/// Says whether a target offers what a requirement needs (`spc.patch`).
pub type Offers<'a> = &'a dyn Fn(&Requirement, &Planned) -> bool;

/// Gathers events. Holds at most 5 MB of exchanges, however long the run is.
#[derive(Debug, Default)]
pub struct Assembler {
    started: Option<RunStarted>,
    planned: Option<Planned>,
    cases: BTreeMap<u64, (CaseRecord, Vec<Judged>)>,
    exchanges: BTreeMap<u64, Exchange>,
    bytes: usize,
}

impl Assembler {
    /// Takes the next event; the end of the run is not needed here.
    pub fn accept(&mut self, event: &Event) {
        match event {
            Event::RunStarted(started) => self.started = Some(started.clone()),
            Event::Planned(planned) => self.planned = Some((**planned).clone()),
            Event::CaseFinished(finished) => self.case(finished),
            Event::CaseStarted { .. }
            | Event::Exchanged { .. }
            | Event::CleanupProgress { .. }
            | Event::RunFinished(_) => {}
        }
    }

    /// All cases so far, in the order of the plan.
    pub fn cases(&self) -> impl Iterator<Item = &CaseRecord> {
        self.cases.values().map(|(case, _)| case)
    }

    /// What became of each requirement that a selected case covers, worst first, then by id.
    pub fn requirements(&self, catalogue: &Catalogue) -> Vec<RequirementRecord> {
        let mut records: Vec<RequirementRecord> = self
            .by_requirement()
            .into_iter()
            .filter_map(|(id, rows)| {
                let requirement = catalogue.get(id)?;
                Some(RequirementRecord {
                    id: requirement.id.clone(),
                    pack: requirement.pack.clone(),
                    level: requirement.level,
                    document: requirement.document.name.clone(),
                    section: requirement.section.clone(),
                    link: requirement.link(),
                    statement: requirement.statement.clone(),
                    then: requirement.then.clone(),
                    outcome: worst(rows.iter().map(|(_, judged)| judged.outcome)),
                    cases: rows.iter().map(|(case, _)| case.id.clone()).collect(),
                })
            })
            .collect();
        records.sort_by(|a, b| (b.outcome, a.level, &a.id).cmp(&(a.outcome, b.level, &b.id)));
        records
    }

    /// One verdict for each pack of the selection.
    pub fn verdicts(&self, catalogue: &Catalogue, offers: Offers<'_>) -> Vec<PackVerdict> {
        let Some(planned) = &self.planned else {
            return Vec::new();
        };
        let rows = self.by_requirement();
        let none = Vec::new();
        let part = self.started.as_ref().is_some_and(|started| started.part);
        planned
            .packs
            .iter()
            .map(|(pack, gate)| {
                let said: Vec<Said<'_>> = catalogue
                    .iter()
                    .filter(|requirement| requirement.pack == *pack)
                    .filter(|requirement| !part || rows.contains_key(requirement.id.as_str()))
                    .map(|requirement| {
                        let rows = rows.get(requirement.id.as_str()).unwrap_or(&none);
                        said(requirement, rows, offers(requirement, planned))
                    })
                    .collect();
                let mut verdict = verdict(pack, *gate, &said);
                let capabilities = &planned.target.capabilities;
                verdict.readiness = readiness(&verdict, &said, capabilities);
                if let (Some(readiness), true) = (&mut verdict.readiness, part) {
                    readiness.profile = self.started.as_ref().map(|it| it.profile.clone());
                }
                verdict
            })
            .collect()
    }

    /// The record of a run that came to its end.
    ///
    /// # Errors
    /// Where the run never began.
    pub fn finish(self, end: &RunFinished) -> Result<RunRecord, Incomplete> {
        let started = self.started.ok_or(Incomplete)?;
        let mut target = self.planned.map_or_else(
            || super::Target {
                base_url: started.base_url.clone(),
                embedded: started.embedded,
                capabilities: crate::scim::capabilities::Capabilities::default(),
                lag_ms: super::Lag::default(),
                remarks: Vec::new(),
            },
            |planned| planned.target,
        );
        target.remarks.extend(end.remarks.iter().cloned());
        let cases: Vec<CaseRecord> = self.cases.into_values().map(|(case, _)| case).collect();
        Ok(RunRecord {
            format: "scimitar.run".to_owned(),
            version: 1,
            tool: started.tool,
            seed: started.seed,
            label: started.label,
            started: started.started,
            duration_ms: end.duration_ms,
            interrupted: end.interrupted,
            grading: started.grading,
            profile: started.profile,
            target,
            summary: summary(&cases),
            revocation: revocation(started.revoke_within_ms, &cases),
            verdicts: end.verdicts.clone(),
            outcome: end.outcome.clone(),
            requirements: end.requirements.clone(),
            cases,
            exchanges: self.exchanges.into_values().collect(),
            cleanup: end.cleanup.clone(),
        })
    }

    fn case(&mut self, finished: &CaseFinished) {
        self.cases.insert(
            finished.index,
            (finished.case.clone(), finished.judged.clone()),
        );
        for exchange in &finished.exchanges {
            let size = weight(exchange);
            if self.bytes + size <= RECORD_LIMIT && !self.exchanges.contains_key(&exchange.n) {
                self.bytes += size;
                self.exchanges.insert(exchange.n, exchange.clone());
            }
        }
    }

    fn by_requirement(&self) -> BTreeMap<&str, Vec<(&CaseRecord, &Judged)>> {
        let mut rows: BTreeMap<&str, Vec<(&CaseRecord, &Judged)>> = BTreeMap::new();
        for (case, judged) in self.cases.values() {
            for row in judged {
                rows.entry(&row.requirement).or_default().push((case, row));
            }
        }
        rows
    }
}

/// What the cases said of a requirement.
fn said<'a>(
    requirement: &'a Requirement,
    rows: &[(&'a CaseRecord, &Judged)],
    applies: bool,
) -> Said<'a> {
    let mut failed = rows
        .iter()
        .filter(|(_, judged)| judged.outcome == Outcome::Fail)
        .peekable();
    Said {
        requirement,
        outcomes: rows.iter().map(|(_, judged)| judged.outcome).collect(),
        cases: rows.iter().map(|(case, _)| *case).collect(),
        applies,
        expected_failure: failed.peek().is_some() && failed.all(|(_, judged)| judged.expected),
    }
}

/// Events in which no run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the events hold no start of a run")]
pub struct Incomplete;

/// The record of a run from its events, also where it was killed in the middle.
///
/// # Errors
/// Where the run never began.
pub fn replay(
    events: impl IntoIterator<Item = Event>,
    catalogue: &Catalogue,
    offers: Offers<'_>,
) -> Result<RunRecord, Incomplete> {
    let mut assembler = Assembler::default();
    let mut end = None;
    for event in events {
        assembler.accept(&event);
        if let Event::RunFinished(finished) = event {
            end = Some(finished);
        }
    }
    let end = match end {
        Some(end) => *end,
        None => RunFinished {
            duration_ms: assembler.cases().map(|case| case.duration_ms).sum(),
            interrupted: true,
            remarks: vec!["put together from the events of a run that did not end".to_owned()],
            cleanup: Cleanup {
                leftover: vec![Leftover {
                    resource: "unknown".to_owned(),
                    reason: "the run did not come to its clean-up; run scimitar cleanup".to_owned(),
                }],
                ..Cleanup::default()
            },
            verdicts: assembler.verdicts(catalogue, offers),
            requirements: assembler.requirements(catalogue),
            outcome: RunOutcome {
                exit_code: 3,
                reasons: vec!["run-not-finished".to_owned()],
            },
        },
    };
    assembler.finish(&end)
}

/// Cases by outcome.
fn summary(cases: &[CaseRecord]) -> Summary {
    let count = |outcome| cases.iter().filter(|case| case.outcome == outcome).count() as u64;
    Summary {
        pass: count(Outcome::Pass),
        fail: count(Outcome::Fail),
        warn: count(Outcome::Warn),
        note: count(Outcome::Note),
        skip: count(Outcome::Skip),
        error: count(Outcome::Error),
    }
}
