//! Runs the cases of a plan, several at a time, each under a time limit and fenced against panics.
//!
//! Decides nothing about outcomes; a case that breaks is an error of the harness, not of the server.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::expectation::Expectations;
use super::measure;
use super::outcome::Reason;
use super::plan::{self, Limits, Plan};
use super::probe;
use super::ran::Ran;
use super::recorder::Sink;
use super::rig::Rig;
use super::scenario;
use super::tally::{Tally, Total};
use crate::check::Invariant;
use crate::exchange::curl;
use crate::probe::{Effort, Probe};
use crate::record::event::{CaseFinished, Judged};
use crate::record::{CaseKind, CaseRecord, Event, Finding, Outcome};
use crate::suite::Case;

/// Longest time that one case may take.
const CASE_TIME: Duration = Duration::from_secs(120);

/// How cases are run.
pub struct Execution {
    /// What they share.
    pub rig: Arc<Rig>,
    /// Takes what happens.
    pub sink: Arc<dyn Sink>,
    /// Known failures.
    pub expectations: Arc<Mutex<Expectations>>,
    /// Cases at the same time.
    pub jobs: usize,
    /// Whether the first failure stops the run.
    pub fail_fast: bool,
    /// Whether nothing may be changed, and why.
    pub no_writes: Option<String>,
}

impl Execution {
    /// Runs all scenarios of a plan: what probes found before, then those that stand each other, then the others one
    /// by one.
    pub async fn scenarios(self: &Arc<Self>, plan: &Plan) {
        let all = plan.cases.iter().cloned().enumerate();
        let (first, others): (Vec<_>, Vec<_>) =
            all.partition(|(_, case)| plan::is_regression(case));
        let (alone, together): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|(_, case)| plan::is_alone(case));
        self.together(first).await;
        self.together(together).await;
        for (index, case) in alone {
            self.case(index, case).await;
        }
    }

    /// Runs cases several at a time.
    async fn together(self: &Arc<Self>, cases: Vec<(usize, Case)>) {
        let each = |(index, case)| {
            let this = Arc::clone(self);
            async move { this.case(index, case).await }
        };
        abreast(self.jobs, cases.into_iter().map(each)).await;
    }

    /// Runs the probes of a plan: those that stand each other a few at a time, for each has many requests under way by
    /// itself; then races, one by one.
    pub async fn probes(self: &Arc<Self>, plan: &Plan) {
        let all = plan.probes.iter().copied().enumerate();
        let all = all.map(|(offset, probe)| (plan.cases.len() + offset, probe));
        let (together, races): (Vec<_>, Vec<_>) = all.partition(|(_, it)| it.stands_others());
        let effort = self.rig.effort;
        let share = Effort {
            jobs: effort.jobs.div_ceil(effort.abreast.max(1)),
            ..effort
        };
        let each = |(index, probe)| {
            let this = Arc::clone(self);
            async move { this.probe(index, probe, share).await }
        };
        abreast(effort.abreast, together.into_iter().map(each)).await;
        for (index, probe) in races {
            self.probe(index, probe, effort).await;
        }
    }

    async fn probe(self: &Arc<Self>, index: usize, leaf: &'static dyn Probe, effort: Effort) {
        let id = leaf.id().to_owned();
        self.sink.event(Event::CaseStarted { id: id.clone() });
        let begun = Instant::now();
        let skip = plan::skip_probe(leaf, self.limits()).or_else(|| self.stopped());
        let ran = if let Some(why) = skip {
            Ran::skipped(&id, &why)
        } else {
            let (rig, case) = (Arc::clone(&self.rig), id.clone());
            let time = CASE_TIME + 2 * effort.time;
            let trial = async move { probe::run(leaf, &case, &rig, effort).await };
            self.fence(time, trial).await
        };
        let record = CaseRecord {
            id,
            told: ran.told,
            kind: CaseKind::Probe,
            pack: self.pack(leaf.covers().first().copied()),
            title: leaf.title().to_owned(),
            duration_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            ..blank()
        };
        let mut total = ran.tally.total(self.rig.rules(), &ran.cited);
        total.alone = !ran.rivals;
        self.finish(index, record, leaf.covers(), total);
    }

    /// Turns what the invariants found, by id, into cases after all others.
    pub fn invariants(&self, plan: &Plan, mut tallies: BTreeMap<&'static str, Tally>) {
        for (offset, leaf) in plan.invariants.iter().enumerate() {
            let tally = tallies.remove(leaf.id()).unwrap_or_default();
            let index = plan.cases.len() + plan.probes.len() + offset;
            self.invariant(index, *leaf, tally);
        }
    }

    fn invariant(&self, index: usize, leaf: &'static dyn Invariant, tally: Tally) {
        let record = CaseRecord {
            id: leaf.id().to_owned(),
            kind: CaseKind::Invariant,
            pack: self.pack(leaf.covers().first().copied()),
            title: leaf.title().to_owned(),
            ..blank()
        };
        let total = tally.total(self.rig.rules(), &[]);
        self.finish(index, record, leaf.covers(), total);
    }

    async fn case(self: &Arc<Self>, index: usize, case: Case) {
        let id = case.id.clone();
        self.sink.event(Event::CaseStarted { id: id.clone() });
        let begun = Instant::now();
        let ran = self.fenced(&case).await;
        let mut record = CaseRecord {
            id,
            kind: CaseKind::Scenario,
            pack: case.scenario.pack.clone(),
            title: case.scenario.title.clone(),
            duration_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            ..blank()
        };
        record.lag_ms = ran.lag_ms;
        record.measured = ran.measured;
        let total = ran.tally.total(self.rig.rules(), &ran.cited);
        self.finish(index, record, &case.scenario.covers(), total);
    }

    fn limits(&self) -> Limits<'_> {
        Limits {
            capabilities: &self.rig.capabilities,
            settings: &self.rig.settings,
            no_writes: self.no_writes.as_deref(),
        }
    }

    fn stopped(&self) -> Option<String> {
        let stop = &self.rig.stop;
        stop.is_asked().then(|| stop.why())
    }

    async fn fenced(&self, case: &Case) -> Ran {
        let skip = plan::skip_reason(case, self.limits()).or_else(|| self.stopped());
        if let Some(why) = skip {
            return Ran::skipped(&case.id, &why);
        }
        let (rig, twin) = (Arc::clone(&self.rig), case.clone());
        let time = CASE_TIME + self.measuring(case);
        self.fence(time, async move { scenario::run(&twin, &rig).await })
            .await
    }

    /// Runs a case so that neither a panic nor a stall of it reaches another one.
    async fn fence(&self, time: Duration, case: impl Future<Output = Ran> + Send + 'static) -> Ran {
        let task = tokio::spawn(case);
        let abort = task.abort_handle();
        match tokio::time::timeout(time, task).await {
            Ok(Ok(ran)) => ran,
            Ok(Err(broken)) => {
                self.rig.stop.note(Reason::Bug);
                let why = match broken.try_into_panic() {
                    Ok(panic) => panic_text(&*panic),
                    Err(_) => "it was cancelled".to_owned(),
                };
                Ran::failed(&format!("defect of scimitar: {why}"))
            }
            Err(_) => {
                abort.abort();
                Ran::failed(&format!("it took longer than {} s", time.as_secs()))
            }
        }
    }

    /// How long a case may look for what it changed.
    fn measuring(&self, case: &Case) -> Duration {
        let steps = &case.scenario.steps;
        if steps.iter().any(|step| step.measures.is_some()) {
            measure::longest(self.rig.revoke_within)
        } else {
            Duration::ZERO
        }
    }

    fn finish(&self, index: usize, mut case: CaseRecord, covers: &[&str], total: Total) {
        case.outcome = total.outcome;
        case.skip_reason = total.skip_reason;
        case.error = total.error;
        case.findings = total.findings;
        for finding in &mut case.findings {
            let first = finding.exchanges.first().filter(|_| total.alone);
            let exchange = first.and_then(|n| total.exchanges.iter().find(|e| e.n == *n));
            finding.curl = exchange.map(curl);
        }
        let mut judged = total.judged;
        for id in covers {
            if !judged.iter().any(|row| row.requirement == *id) {
                judged.push(Judged {
                    requirement: (*id).to_owned(),
                    outcome: match case.outcome {
                        Outcome::Error => Outcome::Error,
                        _ => Outcome::Skip,
                    },
                    expected: false,
                });
            }
        }
        self.expectations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .apply(&mut case, covers);
        for row in &mut judged {
            row.expected = is_expected(&case.findings, row);
        }
        let unexpected = case.outcome == Outcome::Fail && case.expected.is_none();
        if self.fail_fast && unexpected {
            self.rig
                .stop
                .ask(None, "--fail-fast: another case failed before");
        }
        self.sink.event(Event::CaseFinished(Box::new(CaseFinished {
            index: index as u64,
            case,
            judged,
            exchanges: total.exchanges,
        })));
    }

    fn pack(&self, requirement: Option<&str>) -> String {
        requirement
            .and_then(|id| self.rig.catalogue.pack_of(id))
            .unwrap_or("rfc")
            .to_owned()
    }
}

/// Runs so many at a time, each on its own, begun in their order.
async fn abreast<F>(most: usize, all: impl Iterator<Item = F>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(most.max(1)));
    let mut tasks = JoinSet::new();
    for one in all {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        tasks.spawn(async move {
            one.await;
            drop(place);
        });
        while tasks.try_join_next().is_some() {}
    }
    while tasks.join_next().await.is_some() {}
}

/// Whether everything that makes a requirement fail in a case is foreseen.
fn is_expected(findings: &[Finding], row: &Judged) -> bool {
    let mut failing = findings
        .iter()
        .filter(|finding| finding.requirement == row.requirement && finding.outcome == row.outcome)
        .peekable();
    failing.peek().is_some() && failing.all(|finding| finding.expected_failure.is_some())
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "a panic without words".to_owned())
}

fn blank() -> CaseRecord {
    CaseRecord {
        id: String::new(),
        kind: CaseKind::Scenario,
        pack: String::new(),
        title: String::new(),
        outcome: Outcome::Skip,
        duration_ms: 0,
        lag_ms: None,
        measured: Vec::new(),
        skip_reason: None,
        told: None,
        error: None,
        expected: None,
        findings: Vec::new(),
    }
}
