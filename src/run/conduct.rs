//! The course of a run: discovery, rehearsal, cases, invariants, clean-up, outcome.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::execute::Execution;
use super::expectation::Expectations;
use super::lag;
use super::outcome::{self, Facts, Reason};
use super::plan::Plan;
use super::preflight::{self, Refusal, Rehearsal};
use super::probe::Shelf;
use super::recorder::{Recorder, Sink};
use super::rig::Rig;
use super::stop::Stop;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::payload::{Marker, Overlay};
use crate::probe::Effort;
use crate::record::event::{CaseFinished, Planned, RunFinished, RunStarted};
use crate::record::{Assembler, CaseRecord, Cleanup, Event, RunRecord, Target};
use crate::redact::Vault;
use crate::requirement::{Catalogue, Grading, Requirement};
use crate::scim::capabilities::Capabilities;
use crate::seed::Seed;
use crate::session::{BoxFuture, Session};
use crate::suite::Need;

/// Removes what the run created, by a session that also works after the stop.
pub type Sweep = Box<dyn FnOnce(Arc<dyn Session>) -> BoxFuture<'static, Cleanup> + Send>;

/// Everything that a run is made from.
pub struct Inputs {
    /// Guard over client.
    pub session: Arc<dyn Session>,
    /// The client alone, for clean-up.
    pub client: Arc<dyn Session>,
    /// Takes what happens.
    pub sink: Arc<dyn Sink>,
    /// What stands in the record's head.
    pub started: RunStarted,
    /// What to run.
    pub plan: Plan,
    /// What is required.
    pub catalogue: Arc<Catalogue>,
    /// How strictly.
    pub grading: Grading,
    /// Carried by everything that the run creates.
    pub marker: Marker,
    /// Time that the target can see.
    pub clock: Clock,
    /// Secrets.
    pub vault: Arc<Vault>,
    /// What the user says about payloads.
    pub overlay: Overlay,
    /// Settings that cases may need.
    pub settings: BTreeSet<String>,
    /// What templates see of them (`scope`), secrets as labels.
    pub values: BTreeMap<String, String>,
    /// How long a read after a write may stay behind where the target lags.
    pub window: Duration,
    /// How long a change that ends somebody's access may take to be seen.
    pub revoke_within: Duration,
    /// Known failures.
    pub expectations: Arc<Mutex<Expectations>>,
    /// Cases at the same time.
    pub jobs: usize,
    /// How much each probe may do.
    pub effort: Effort,
    /// Takes what probes find, as scenarios.
    pub shelf: Option<Arc<dyn Shelf>>,
    /// Whether the first failure stops the run.
    pub fail_fast: bool,
    /// Whether nothing may be changed.
    pub read_only: bool,
    /// Whether write cases run although the target can't delete.
    pub accept_leftovers: bool,
    /// No case begins after this time.
    pub max_time: Duration,
    /// The wish to stop.
    pub stop: Stop,
    /// What a reader of the verdict must know before anything was sent.
    pub remarks: Vec<String>,
    /// Tells the guard that the run made up this id.
    pub mint: Arc<dyn Fn(&str) + Send + Sync>,
}

/// A run that came to its end.
#[derive(Debug)]
pub struct Finished {
    /// Its record.
    pub record: RunRecord,
    /// Why it ended before its first case.
    pub refusal: Option<Refusal>,
    /// Entries of the expectation file that are stale.
    pub stale: Vec<String>,
}

/// Runs to the end, whatever happens on the way; `sweep` removes what the run created.
pub async fn run(inputs: Inputs, sweep: Sweep) -> Finished {
    let begun = Instant::now();
    let tee = Arc::new(Tee {
        inner: Arc::clone(&inputs.sink),
        assembler: Mutex::new(Assembler::default()),
    });
    let sink: Arc<dyn Sink> = Arc::clone(&tee) as Arc<dyn Sink>;
    sink.event(Event::RunStarted(inputs.started.clone()));
    let recorder = Arc::new(Recorder::new(
        Arc::clone(&inputs.session),
        Arc::clone(&sink),
        inputs.stop.clone(),
        Arc::clone(&inputs.catalogue),
        inputs.grading,
    ));
    let deadline = deadline(inputs.stop.clone(), inputs.max_time);
    let refusal = cases(&inputs, &recorder, &sink).await.err();
    deadline.abort();
    let cleanup = sweep(recorder.aside(Arc::clone(&inputs.client))).await;
    let stale = inputs
        .expectations
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .stale();
    let ended = Ended {
        begun,
        recorder: &recorder,
        refusal: refusal.as_ref(),
        stale: !stale.is_empty() && !inputs.stop.is_asked(),
        cleanup,
    };
    Finished {
        record: tee.finish(&inputs, ended),
        refusal,
        stale,
    }
}

/// Discovery, rehearsal, scenarios, invariants.
async fn cases(
    inputs: &Inputs,
    recorder: &Arc<Recorder>,
    sink: &Arc<dyn Sink>,
) -> Result<(), Refusal> {
    let found = preflight::discover(&**recorder).await;
    let found = found.inspect_err(|refusal| inputs.stop.note(refusal.reason))?;
    let capabilities = Arc::new(found.capabilities);
    inputs.vault.teach(&capabilities.schemas);
    recorder.capabilities_known(Arc::clone(&capabilities));
    let mut rig = rig(inputs, recorder, Arc::clone(&capabilities));
    let rehearsal = if inputs.read_only || inputs.plan.writes(inputs.effort) == 0 {
        Rehearsal::default()
    } else {
        preflight::rehearse(&rig).await
    };
    rig.window = (!rehearsal.behind.is_empty()).then_some(inputs.window);
    let mut remarks = inputs.remarks.clone();
    remarks.extend(found.remarks);
    remarks.extend(rehearsal.remarks.iter().cloned());
    let no_writes = no_writes(inputs, &rehearsal);
    if let (Some(why), false) = (&no_writes, inputs.read_only || inputs.stop.is_asked()) {
        inputs.stop.note(Reason::DeletionRefused);
        remarks.push(format!("write cases were not run: {why}"));
    }
    sink.event(Event::Planned(Box::new(Planned {
        target: Target {
            base_url: inputs.started.base_url.clone(),
            embedded: inputs.started.embedded,
            capabilities: Capabilities::clone(&capabilities),
            lag_ms: rehearsal.lag,
            remarks,
        },
        cases: (inputs.plan.len() + usize::from(rig.window.is_some())) as u64,
        packs: inputs.plan.packs.clone(),
        settings: inputs.settings.clone(),
    })));
    let execution = Arc::new(Execution {
        rig: Arc::new(rig),
        sink: Arc::clone(sink),
        expectations: Arc::clone(&inputs.expectations),
        jobs: inputs.jobs,
        fail_fast: inputs.fail_fast,
        no_writes,
    });
    execution.scenarios(&inputs.plan).await;
    execution.probes(&inputs.plan).await;
    execution.invariants(&inputs.plan, recorder.take_invariants().await);
    let mut behind = rehearsal.behind;
    let late = &execution.rig.late;
    behind.append(&mut late.lock().unwrap_or_else(PoisonError::into_inner));
    let setup = lag::case(&behind);
    if let Some(case) = setup {
        sink.event(Event::CaseFinished(Box::new(CaseFinished {
            index: inputs.plan.len() as u64,
            case,
            judged: Vec::new(),
            exchanges: Vec::new(),
        })));
    }
    Ok(())
}

fn rig(inputs: &Inputs, recorder: &Arc<Recorder>, capabilities: Arc<Capabilities>) -> Rig {
    Rig {
        session: Arc::clone(recorder) as Arc<dyn Session>,
        capabilities,
        catalogue: Arc::clone(&inputs.catalogue),
        grading: inputs.grading,
        marker: inputs.marker.clone(),
        seed: Seed(inputs.started.seed),
        clock: inputs.clock.clone(),
        vault: Arc::clone(&inputs.vault),
        overlay: inputs.overlay.clone(),
        settings: inputs.settings.clone(),
        values: inputs.values.clone(),
        window: None,
        patience: inputs.window,
        late: Mutex::default(),
        revoke_within: inputs.revoke_within,
        mint: Arc::clone(&inputs.mint),
        effort: inputs.effort,
        shelf: inputs.shelf.clone(),
        target: if inputs.started.embedded {
            "--embedded".to_owned()
        } else {
            inputs.started.base_url.clone()
        },
        stop: inputs.stop.clone(),
    }
}

/// Why no case may write; none where all may.
fn no_writes(inputs: &Inputs, rehearsal: &Rehearsal) -> Option<String> {
    if inputs.read_only {
        return Some("it writes, and the run is read-only".to_owned());
    }
    let why = rehearsal.no_delete.as_ref()?;
    (!inputs.accept_leftovers)
        .then(|| format!("{why}: run it with --accept-leftovers if they may stay"))
}

/// Asks for a stop when the time is up.
fn deadline(stop: Stop, max_time: Duration) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        tokio::time::sleep(max_time).await;
        stop.ask(Some(Reason::TimeUp), "the time of --max-run-time was up");
    })
}

/// Whether the target offers what a requirement needs. What can't be read counts as offered.
pub fn offers(requirement: &Requirement, planned: &Planned) -> bool {
    requirement.needs.iter().all(|need| {
        need.parse::<Need>().is_ok_and(|need| {
            need.met(&planned.target.capabilities, &planned.settings)
                .is_ok()
        })
    })
}

/// What the last event is made of.
struct Ended<'a> {
    begun: Instant,
    recorder: &'a Recorder,
    refusal: Option<&'a Refusal>,
    stale: bool,
    cleanup: Cleanup,
}

/// Gathers the record while events pass on.
struct Tee {
    inner: Arc<dyn Sink>,
    assembler: Mutex<Assembler>,
}

impl Sink for Tee {
    fn event(&self, event: Event) {
        self.assembler
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .accept(&event);
        self.inner.event(event);
    }

    fn exchange(&self, exchange: &Exchange) {
        self.inner.exchange(exchange);
    }
}

impl Tee {
    fn finish(&self, inputs: &Inputs, ended: Ended<'_>) -> RunRecord {
        let mut assembler = self
            .assembler
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let assembler = std::mem::take(&mut *assembler);
        let verdicts = assembler.verdicts(&inputs.catalogue, &offers);
        let cases: Vec<CaseRecord> = assembler.cases().cloned().collect();
        let outcome = outcome::outcome(&Facts {
            met: &inputs.stop.reasons(),
            traffic: ended.recorder.traffic(),
            cases: &cases,
            verdicts: &verdicts,
            stale: ended.stale,
            cleanup: &ended.cleanup,
            leftovers_accepted: inputs.accept_leftovers,
        });
        let remarks = ended.refusal.map(|refusal| refusal.message.clone());
        let end = RunFinished {
            duration_ms: u64::try_from(ended.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            interrupted: inputs.stop.interrupted(),
            remarks: remarks.into_iter().collect(),
            requirements: assembler.requirements(&inputs.catalogue),
            cleanup: ended.cleanup,
            verdicts,
            outcome,
        };
        let record = assembler.finish(&end);
        self.inner.event(Event::RunFinished(Box::new(end)));
        record.unwrap_or_else(|_| unreachable!("a run begins with its first event"))
    }
}
