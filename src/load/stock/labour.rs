//! What workers on a stock share: the target, the manifest, the pace, and how they get on.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::sow::Halted;
use crate::ledger::Ledger;
use crate::load::attack::Stop;
use crate::load::limit::Limit;
use crate::load::wire::{Answer, Cause, Connection, Endpoint, Request, Trouble};
use crate::scim::capabilities::Bulk;

/// Times that a request is sent where the target asks to wait.
const PATIENCE: u32 = 10;

/// Times that a connection is tried.
const TRIES: u32 = 5;

/// Longest that a worker waits at once.
const LONGEST: Duration = Duration::from_secs(300);

/// Refusals in a row, nothing made in between, after which the rest is not tried.
const HOPELESS: u64 = 50;

/// Where and how a stock is worked on.
#[derive(Clone)]
pub struct Ground {
    /// Where requests go.
    pub endpoint: Arc<Endpoint>,
    /// The manifest.
    pub ledger: Arc<Ledger>,
    /// Path of the base URL, without a trailing slash.
    pub base_path: String,
    /// Limits of bulk requests; none sends one request a resource.
    pub bulk: Option<Bulk>,
    /// Whether the target filters.
    pub filters: bool,
    /// Connections.
    pub connections: usize,
    /// Requests a second at most.
    pub ceiling: Option<u32>,
    /// The wish to stop.
    pub stop: Stop,
    /// Who is told how it goes.
    pub witness: Arc<dyn Witness>,
}

/// Who is told how it goes.
pub trait Witness: Send + Sync {
    /// Something begins.
    fn phase(&self, what: &str);
    /// A second is over.
    fn second(&self, glimpse: &Glimpse);
}

/// What is true at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Glimpse {
    /// Seconds since it began.
    pub at: u64,
    /// Resources that are done.
    pub done: u64,
    /// Of so many.
    pub of: u64,
    /// Of those done, such as were refused.
    pub failed: u64,
    /// Resources a second over the last seconds.
    pub rate: f64,
    /// Time left at that rate; none where nothing moves.
    pub left: Option<Duration>,
}

/// Why a worker ends.
#[derive(Debug)]
pub(super) enum Break {
    /// Somebody asked for it, or another worker has met the reason.
    Stopped,
    /// Nothing more can be done.
    Halted(Halted),
}

impl From<std::io::Error> for Break {
    fn from(error: std::io::Error) -> Self {
        Self::Halted(Halted::Journal(error.to_string()))
    }
}

/// One phase of work, shared by its workers.
pub(super) struct Labour {
    pub(super) ground: Arc<Ground>,
    limit: Option<Limit>,
    of: u64,
    done: AtomicU64,
    failed: AtomicU64,
    in_a_row: AtomicU64,
    trouble: Mutex<Option<String>>,
    halted: Mutex<Option<Halted>>,
}

impl Labour {
    /// A phase with so many resources.
    pub(super) fn new(ground: &Arc<Ground>, of: u64) -> Self {
        Self {
            limit: ground.ceiling.map(Limit::new),
            ground: Arc::clone(ground),
            of,
            done: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            in_a_row: AtomicU64::new(0),
            trouble: Mutex::default(),
            halted: Mutex::default(),
        }
    }

    /// Lets workers do it, as many as there are connections, until all have ended or nothing more can be done.
    pub(super) async fn share<F>(&self, work: impl Fn() -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut workers = JoinSet::new();
        for _ in 0..self.ground.connections.max(1) {
            workers.spawn(work());
        }
        tokio::select! {
            () = async { while workers.join_next().await.is_some() {} } => {}
            () = self.watch() => {}
        }
    }

    /// Sends a request when there is leave, again where the target asks to wait.
    pub(super) async fn send(
        &self,
        connection: &mut Connection,
        request: &Request,
    ) -> Result<Result<Answer, Trouble>, Break> {
        for attempt in 1_u32.. {
            if let Some(limit) = &self.limit {
                self.rest(limit.wait(Instant::now())).await;
            }
            self.go_on()?;
            let answer = connection.send(request).await;
            let wait = match &answer {
                Ok(answer) => asked_to_wait(answer).filter(|_| attempt < PATIENCE),
                // A target that is just starting again is waited for.
                Err(trouble) if never_sent(trouble) && attempt < TRIES => {
                    Some(Duration::from_millis(200) * 2_u32.pow(attempt))
                }
                Err(_) => None,
            };
            match wait {
                Some(wait) => self.rest(wait).await,
                None => return Ok(answer),
            }
        }
        Err(Break::Stopped)
    }

    /// Sleeps, but not beyond the wish to stop.
    pub(super) async fn rest(&self, time: Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = self.ground.stop.asked() => {}
        }
    }

    /// Whether anything more may be sent.
    pub(super) fn go_on(&self) -> Result<(), Break> {
        let held = self.halted.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() || self.ground.stop.is_asked() {
            return Err(Break::Stopped);
        }
        Ok(())
    }

    /// Notes that resources are done.
    pub(super) fn done(&self, number: u64) {
        if number > 0 {
            self.done.fetch_add(number, Ordering::Relaxed);
            self.in_a_row.store(0, Ordering::Relaxed);
        }
    }

    /// Notes a refusal; an error where there is no hope for the rest.
    pub(super) fn refused(&self, why: String) -> Result<(), Break> {
        self.failed.fetch_add(1, Ordering::Relaxed);
        self.done.fetch_add(1, Ordering::Relaxed);
        let in_a_row = self.in_a_row.fetch_add(1, Ordering::Relaxed) + 1;
        let first = {
            let mut held = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            held.get_or_insert(why).clone()
        };
        if in_a_row >= HOPELESS {
            return Err(Break::Halted(Halted::Refused(first)));
        }
        Ok(())
    }

    /// Keeps why a worker ended, for all.
    pub(super) fn ended(&self, why: Break) {
        if let Break::Halted(halted) = why {
            let mut held = self.halted.lock().unwrap_or_else(PoisonError::into_inner);
            held.get_or_insert(halted);
        }
    }

    /// What became of the phase: resources that failed, the first refusal, and why it ended early.
    pub(super) fn close(&self) -> (u64, Option<String>, Option<Halted>) {
        let trouble = self.trouble.lock();
        let halted = self.halted.lock();
        (
            self.failed.load(Ordering::Relaxed),
            trouble.unwrap_or_else(PoisonError::into_inner).clone(),
            halted.unwrap_or_else(PoisonError::into_inner).clone(),
        )
    }

    /// Tells every second how it goes, for as long as it is polled.
    pub(super) async fn watch(&self) {
        let mut last: std::collections::VecDeque<u64> = [0].into();
        for at in 1_u64.. {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let done = self.done.load(Ordering::Relaxed);
            last.push_back(done);
            if last.len() > 6 {
                last.pop_front();
            }
            let seconds = u32::try_from(last.len().saturating_sub(1))
                .unwrap_or(1)
                .max(1);
            let moved = done - last.front().copied().unwrap_or(0).min(done);
            // Counts of resources are far below what a double holds exactly.
            #[expect(clippy::cast_precision_loss, reason = "a rate for the reader")]
            let rate = moved as f64 / f64::from(seconds);
            #[expect(clippy::cast_precision_loss, reason = "a rate for the reader")]
            let left = (moved > 0).then(|| self.of.saturating_sub(done) as f64 / rate);
            self.ground.witness.second(&Glimpse {
                at,
                done,
                of: self.of,
                failed: self.failed.load(Ordering::Relaxed),
                rate,
                left: left.and_then(|left| Duration::try_from_secs_f64(left).ok()),
            });
        }
    }
}

/// Whether the target can't have seen the request.
pub(super) fn never_sent(trouble: &Trouble) -> bool {
    let cause = trouble.cause;
    let unopened = matches!(
        cause,
        Cause::Dns | Cause::Refused | Cause::ConnectTimeout | Cause::Tls | Cause::Exhausted
    );
    unopened || !trouble.reached
}

/// How long the target asks to wait.
fn asked_to_wait(answer: &Answer) -> Option<Duration> {
    let asked = answer
        .retry_after()
        .and_then(crate::load::attack::retry_after);
    match answer.status {
        429 => Some(asked.unwrap_or(Duration::from_secs(1)).min(LONGEST)),
        503 => asked.map(|wait| wait.min(LONGEST)),
        _ => None,
    }
}
