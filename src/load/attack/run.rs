//! An attack from its first resource to the last that is removed.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::barrier;
use super::driver;
use super::ending::{self, Looks};
use super::field::{Cell, Field, Halt, Start};
use super::inputs::{self, Finished, Inputs, OpenLog, Trouble};
use super::rising::Rising;
use super::schedule::schedule;
use super::sweep::Sweep;
use super::watch::{Errors, Glimpse, Progress, left};
use crate::ledger::Swept;
use crate::load::health::{Meter, Strain};
use crate::load::histogram::{Collector, Figures, Gauges};
use crate::load::limit::Limit;
use crate::load::pacer::{Paced, Pacer};
use crate::record::load::{Cost, Generator, Latency, Second, Shard, histogram};
use crate::suite::load::Model;

/// Most resources that a run may make at one endpoint, as the journal announces it.
const BOUND: u64 = 100_000_000;

/// How long users may take to be there, beside what a ceiling makes them wait.
const LAUNCH: Duration = Duration::from_secs(120);

/// How often it is looked whether something has to be done.
const LOOK: Duration = Duration::from_millis(50);

/// Time from the word go to the first request.
const LEAD: Duration = Duration::from_millis(20);

/// Time for clean-up; less where the user is waiting for the end.
const BUDGET: Duration = Duration::from_secs(900);
const BUDGET_ASKED: Duration = Duration::from_secs(30);

/// Runs an attack and cleans up after it.
///
/// # Errors
/// Where it could not begin.
pub async fn run(inputs: Inputs) -> Result<Finished, Trouble> {
    let (shard, near, embedded) = (inputs.shard, inputs.near, inputs.embedded);
    let start_at = inputs.start_at;
    let progress = Arc::clone(&inputs.progress);
    for kind in ["User", "Group"] {
        let known = inputs.capabilities.resource_type(kind);
        let endpoint = known.map_or_else(|| format!("/{kind}s"), |it| it.endpoint.clone());
        let prefix = inputs.marker.as_str();
        let reserved = inputs.ledger.reserve(&endpoint, prefix, BOUND).await;
        reserved.map_err(Trouble::Journal)?;
    }
    let (field, log) = inputs::field(inputs);
    let attack = Attack {
        field: Arc::clone(&field),
        shard,
        start_at,
        embedded,
        progress,
        looks: Looks::default(),
    };
    let conducted = attack.conduct(log).await;
    let asked = matches!(field.stop.why(), Some((Halt::Asked, _)));
    attack.progress.phase("removing what the run created");
    let sweep = Sweep {
        session: &*field.tools.session,
        endpoint: &field.endpoint,
        ledger: &field.ledger,
        base_path: &field.tools.base_path,
        budget: if asked { BUDGET_ASKED } else { BUDGET },
        fast: near,
    };
    let swept = sweep.run().await;
    let mut finished = conducted?;
    finished.swept = swept;
    Ok(finished)
}

/// What the watch has seen so far.
#[derive(Default)]
struct Seen {
    requests: u64,
    failed: u64,
    errors: Errors,
}

struct Attack {
    field: Arc<Field>,
    shard: Option<Shard>,
    start_at: Option<Timestamp>,
    embedded: bool,
    progress: Arc<dyn Progress>,
    looks: Looks,
}

impl Attack {
    async fn conduct(&self, log: OpenLog) -> Result<Finished, Trouble> {
        let field = &self.field;
        self.fill().await;
        self.progress.phase("launching users");
        let driver = tokio::spawn(driver::drive(Arc::clone(field)));
        self.launch().await;
        let profile = &field.profile;
        let whole = profile.warm_up + profile.duration;
        let (at, stamp) = self.beginning().await;
        let collector = Collector::new(at, profile.warm_up, field.program.operations.clone());
        let collector = collector.with_seconds(self.shard.is_some());
        let collector = collector.until(at + whole);
        let mut collector = collector.with_log(log(stamp).map_err(|error| {
            field.over.cancel();
            Trouble::Log(error)
        })?);
        let pacer = match &profile.model {
            Model::Closed { .. } => None,
            Model::Open(arrival) => Some(self.pace(arrival, whole, at)?),
        };
        let meter = Meter::start();
        let start = Start {
            at,
            end: at + whole,
            recorders: collector.recorders(),
            desk: pacer.as_ref().map(|pacer| Arc::clone(pacer.desk())),
        };
        let end = start.end;
        // Nobody else sets it.
        let _ = field.started.set(start);
        field.begin.notify_waiters();
        let (meter, rising) = self.watch(&mut collector, meter, end).await;
        let desk = pacer.as_ref().map(|pacer| &**pacer.desk());
        ending::drain(field, desk, &self.looks).await;
        let ended = Instant::now().min(end).max(at);
        field.over.cancel();
        let kept = pacer.map(Pacer::finish);
        ending::settle(field, &*self.progress).await;
        let ran = driver.await;
        let ran = ran.unwrap_or_else(|_| Err("a user panicked".to_owned()));
        ran.map_err(Trouble::Driver)?;
        if !matches!(field.stop.why(), Some((Halt::Asked, _))) {
            field.ask_again().await;
        }
        let (figures, written) = collector.finish(ended, self.gauges());
        let measured = ended.saturating_duration_since(at);
        let mut generator = self.generator(meter, kept);
        let starved = rising.as_ref().and_then(|it| it.starved.clone());
        generator.limited = starved.or(generator.limited);
        let finished = Finished {
            started: format!("{stamp:.3}"),
            measured: measured.saturating_sub(profile.warm_up),
            breakpoint: rising.map(|it| it.found),
            log_trouble: written.err().map(|error| error.to_string()),
            ..self.finished(figures, generator)
        };
        Ok(finished)
    }

    /// What there is to say of a run that ended.
    fn finished(&self, figures: Figures, generator: Generator) -> Finished {
        let field = &self.field;
        let correctness = field.seen().correctness.clone();
        let figures = field.with_wrongs(figures);
        Finished {
            started: String::new(),
            measured: Duration::ZERO,
            warm_up: field.profile.warm_up,
            cost: self.cost(&figures),
            figures,
            generator,
            correctness,
            breakpoint: None,
            stopped: field.stop.why().filter(|(halt, _)| *halt != Halt::Done),
            swept: Swept::default(),
            remarks: self.remarks(),
            answered: (
                field.answered.load(Ordering::Relaxed),
                field.refused.load(Ordering::Relaxed),
            ),
            log_trouble: None,
        }
    }

    fn pace(
        &self,
        arrival: &crate::suite::load::Arrival,
        whole: Duration,
        at: Instant,
    ) -> Result<Pacer, Trouble> {
        let schedule = schedule(arrival, self.field.profile.warm_up, whole, self.field.seed);
        let schedule = schedule.map_err(|error| Trouble::Schedule(error.to_string()))?;
        let capacity = self.field.users.max(1024);
        Pacer::start(&schedule, self.shard, at, capacity)
            .map_err(|error| Trouble::Schedule(error.to_string()))
    }

    async fn fill(&self) {
        let pool = self.field.profile.pool;
        if pool.users + pool.groups > 0 && !self.field.stocked {
            let (users, groups) = (pool.users, pool.groups);
            self.progress
                .phase(&format!("creating {users} users and {groups} groups"));
        }
        if let Err(why) = self.field.fill().await {
            let why = format!("the pool can't be filled: {why}");
            self.field.stop.ask(Halt::Setup, &why);
        }
    }

    /// Waits until the users are there, or somebody wants to stop.
    async fn launch(&self) {
        let field = &self.field;
        let setups = field.program.routines.iter().map(|one| one.setups.len());
        let requests = field.users * setups.sum::<usize>();
        let limit = field.limit.as_ref();
        let slowed = limit.map_or(Duration::ZERO, |limit| limit.takes(requests));
        let until = Instant::now() + LAUNCH + slowed;
        while field.ready.load(Ordering::SeqCst) < field.users && Instant::now() < until {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
                () = field.stop.asked() => return,
            }
        }
    }

    /// When the first request is due; waits for it where several machines have agreed on a moment.
    async fn beginning(&self) -> (Instant, Timestamp) {
        let now = (Instant::now() + LEAD, Timestamp::now());
        let Some(moment) = self.start_at else {
            return now;
        };
        let left = barrier::left(moment, Timestamp::now());
        let Some(left) = left.filter(|left| *left > LEAD) else {
            if !self.field.stop.is_asked() {
                let why = barrier::late(moment, Timestamp::now());
                self.field.stop.ask(Halt::Late, &why);
            }
            return now;
        };
        self.progress.phase(&barrier::waiting(moment, left));
        tokio::select! {
            () = tokio::time::sleep(left.saturating_sub(LEAD)) => {}
            () = self.field.stop.asked() => return (Instant::now() + LEAD, Timestamp::now()),
        }
        let left = barrier::left(moment, Timestamp::now()).unwrap_or_default();
        (Instant::now() + left, moment)
    }

    /// Looks on until the end.
    async fn watch(
        &self,
        collector: &mut Collector,
        mut meter: Meter,
        end: Instant,
    ) -> (Meter, Option<Rising>) {
        let field = &self.field;
        let begin = field
            .started
            .get()
            .map_or_else(Instant::now, |start| start.at);
        let mut rising = Rising::of(&field.profile);
        let mut seen = Seen::default();
        let mut next = begin + Duration::from_secs(1);
        while Instant::now() < end && !field.stop.is_asked() {
            let now = Instant::now();
            let wake = next.min(end).min(now + LOOK);
            tokio::select! {
                () = tokio::time::sleep_until(wake.into()) => {}
                () = field.stop.asked() => break,
            }
            let desk = field.started.get().and_then(|start| start.desk.as_deref());
            self.looks.look(field, desk);
            if !field.cells.is_empty() && field.finished.load(Ordering::Relaxed) >= field.users {
                field.stop.ask(Halt::Done, "");
            }
            let elapsed = begin.elapsed();
            let judged = rising.as_mut().filter(|rising| rising.is_due(elapsed));
            let now = Instant::now();
            if now >= next || judged.is_some() {
                let seconds = collector.collect(now, self.gauges()).to_vec();
                self.tell(&seconds, &mut seen, end, collector);
            }
            if now >= next {
                next += Duration::from_secs(1);
                meter.look();
            }
            let judged = judged.and_then(|it| {
                it.judge(
                    &field.profile.thresholds,
                    field.with_wrongs(collector.so_far(now)),
                )
            });
            if let Some(why) = judged {
                field.stop.ask(Halt::Broken, &why);
            }
        }
        (meter, rising)
    }

    /// Tells of seconds that are over, and gives up where too much has failed.
    fn tell(&self, seconds: &[Second], seen: &mut Seen, end: Instant, collector: &Collector) {
        for second in seconds {
            seen.requests += second.count;
            seen.failed += second.errors;
            self.progress.second(&Glimpse {
                second: *second,
                requests: seen.requests,
                errors: seen.failed,
                left: left(end),
            });
            if seen.errors.take(second) {
                let why = ending::failed(collector.errors());
                self.field.stop.ask(Halt::Errors, &why);
            }
        }
    }

    fn gauges(&self) -> Gauges {
        Gauges {
            users: self.field.launched.load(Ordering::Relaxed) as u64,
            in_flight: self.field.in_flight.load(Ordering::Relaxed),
        }
    }

    fn generator(&self, meter: Meter, kept: Option<Paced>) -> Generator {
        let field = &self.field;
        let paced = kept.unwrap_or_else(|| Paced {
            planned: 0,
            unsent: 0,
            pacing: histogram(),
        });
        // A run that was stopped leaves requests unsent on purpose.
        let stopped = field.stop.is_asked();
        meter.finish(Strain {
            embedded: self.embedded,
            pacing: Latency::of(&paced.pacing),
            planned: paced.planned,
            crowd: self.looks.crowd(field),
            held: field.limit.as_ref().map_or(0, Limit::held),
            unsent: if stopped { 0 } else { paced.unsent },
            exhausted: field.exhausted.load(Ordering::Relaxed),
            resent: field.endpoint.resent(),
            connections: field.endpoint.opened(),
        })
    }

    fn cost(&self, figures: &Figures) -> Vec<Cost> {
        let measured = |cell: &Cell| {
            let operation = figures.operations.get(usize::from(cell.operation))?;
            (operation.count > 0).then_some(Cost {
                members: cell.members as u64,
                batch: cell.batch as u64,
                count: operation.count,
                p50: operation.response.p50,
                p99: operation.response.p99,
            })
        };
        self.field.cells.iter().filter_map(measured).collect()
    }

    fn remarks(&self) -> Vec<String> {
        let field = &self.field;
        let mut remarks: Vec<String> = (field.program.left_out.iter())
            .map(|(case, why)| format!("{case} was left out: {why}"))
            .collect();
        let trouble = field.setup_trouble.lock();
        if let Some(why) = &*trouble.unwrap_or_else(PoisonError::into_inner) {
            remarks.push(format!(
                "some users could not be given their resources: {why}"
            ));
        }
        let cut_off = field.cut_off.load(Ordering::Relaxed);
        if cut_off > 0 {
            remarks.push(format!(
                "{cut_off} answers were not waited for to the end: they count neither as errors nor in the times"
            ));
        }
        let unsendable = field.unsendable.load(Ordering::Relaxed);
        if unsendable > 0 {
            remarks.push(format!(
                "{unsendable} requests were not sent, because something that they need was not captured"
            ));
        }
        remarks
    }
}
