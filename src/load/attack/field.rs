//! What all users of an attack share.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::pool::{Filling, Pool};
use super::seen::Seen;
use crate::ledger::Ledger;
use crate::load::histogram::Recorders;
use crate::load::limit::Limit;
use crate::load::pacer::Desk;
use crate::load::portion::Portion;
use crate::load::program::{Bench, Kit, Program};
use crate::load::wire::Endpoint;
use crate::payload::{Marker, Overlay};
use crate::redact::Vault;
use crate::scim::capabilities::Capabilities;
use crate::seed::Seed;
use crate::session::Session;
use crate::suite::load::LoadProfile;

/// Why an attack ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// Somebody asked for it.
    Asked,
    /// More than half of the requests failed for a while.
    Errors,
    /// The rate at which a threshold breaks was found.
    Broken,
    /// Nothing more was left to do.
    Done,
    /// The moment on which several machines had agreed was over before the first request.
    Late,
    /// No user could begin.
    Setup,
}

/// The wish to stop an attack. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    /// Send nothing new.
    token: CancellationToken,
    /// Somebody wants the end, whatever else has ended it before.
    hurried: CancellationToken,
    why: Arc<Mutex<Option<(Halt, String)>>>,
}

impl Stop {
    /// Asks to stop; the first wish counts.
    pub fn ask(&self, halt: Halt, why: &str) {
        let mut held = self.why.lock().unwrap_or_else(PoisonError::into_inner);
        held.get_or_insert_with(|| (halt, why.to_owned()));
        drop(held);
        if halt == Halt::Asked {
            self.hurried.cancel();
        }
        self.token.cancel();
    }

    /// Why, where somebody asked.
    #[must_use]
    pub fn why(&self) -> Option<(Halt, String)> {
        let held = self.why.lock().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    /// Whether nothing new may be sent.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Whether somebody asked for the end, who does not want to wait for it.
    pub(super) fn is_hurried(&self) -> bool {
        self.hurried.is_cancelled()
    }

    /// Ends when the stop is asked.
    pub async fn asked(&self) {
        self.token.cancelled().await;
    }
}

/// Groups that grow to a size by batches of a size, and the operation that they are counted as.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) members: usize,
    pub(super) batch: usize,
    pub(super) operation: u16,
}

/// What reaches the target beside the users, and what payloads are made with.
pub(super) struct Tools {
    pub(super) session: Arc<dyn Session>,
    pub(super) capabilities: Arc<Capabilities>,
    pub(super) overlay: Overlay,
    pub(super) marker: Marker,
    pub(super) vault: Arc<Vault>,
    pub(super) settings: BTreeSet<String>,
    pub(super) base_path: String,
    pub(super) seed: Seed,
}

impl Tools {
    pub(super) fn kit(&self) -> Kit<'_> {
        Kit {
            capabilities: &self.capabilities,
            overlay: &self.overlay,
            marker: &self.marker,
            seed: self.seed,
            vault: &self.vault,
            settings: &self.settings,
            base_path: &self.base_path,
        }
    }
}

/// What all users of an attack share.
pub(super) struct Field {
    pub(super) tools: Tools,
    pub(super) cells: Vec<Cell>,
    /// What is this shard's own.
    pub(super) portion: Portion,
    /// One user at a time makes the pool larger.
    pub(super) filling: tokio::sync::Mutex<()>,
    pub(super) profile: LoadProfile,
    pub(super) program: Program,
    pub(super) endpoint: Arc<Endpoint>,
    /// Id of the run, as it stands in `X-Request-Id`.
    pub(super) run: String,
    pub(super) ledger: Arc<Ledger>,
    pub(super) pool: Pool,
    /// Whether the pool was there before.
    pub(super) stocked: bool,
    pub(super) bench: Bench,
    pub(super) seed: Seed,
    pub(super) limit: Option<Limit>,
    /// The wish of somebody else to stop.
    pub(super) stop: Stop,
    /// The end, for whatever reason: nothing new is sent.
    pub(super) over: CancellationToken,
    /// Requests under way are given up.
    pub(super) cut: CancellationToken,
    pub(super) users: usize,
    /// Users who are there.
    pub(super) launched: AtomicUsize,
    /// Users who have what they need.
    pub(super) ready: AtomicUsize,
    /// Users who have done all that there was to do.
    pub(super) finished: AtomicUsize,
    pub(super) in_flight: AtomicU64,
    /// Answers that were put to the full set of checks because they were among the first.
    pub(super) first: AtomicU64,
    pub(super) begin: Notify,
    pub(super) started: OnceLock<Start>,
    pub(super) setup_failed: AtomicBool,
    pub(super) setup_trouble: Mutex<Option<String>>,
    /// What was wrong in answers.
    pub(super) seen: Mutex<Seen>,
    /// Answers that were 401 or 403.
    pub(super) refused: AtomicU64,
    /// Answers of any status.
    pub(super) answered: AtomicU64,
    /// Requests that failed for want of descriptors, ports or memory.
    pub(super) exhausted: AtomicU64,
    /// Requests whose answers were no longer waited for.
    pub(super) cut_off: AtomicU64,
    /// Requests that could not be made, because something was not captured.
    pub(super) unsendable: AtomicU64,
}

/// The beginning of an attack.
pub(super) struct Start {
    pub(super) at: Instant,
    pub(super) end: Instant,
    pub(super) recorders: Recorders,
    /// Where users of an open model take tickets.
    pub(super) desk: Option<Arc<Desk>>,
}

impl Field {
    /// Fills the pool.
    pub(super) async fn fill(&self) -> Result<(), String> {
        if self.stocked {
            return Ok(());
        }
        let kit = self.tools.kit();
        let stopped = || self.stop.is_asked();
        let wanted = self.profile.pool;
        self.pool
            .fill(wanted, self.filling_with(&kit, &stopped))
            .await
    }

    /// Makes the pool so large, where it is not.
    pub(super) async fn users_up_to(&self, wanted: usize) -> Result<(), String> {
        let _turn = self.filling.lock().await;
        let kit = self.tools.kit();
        let stopped = || self.is_over();
        let filling = self.filling_with(&kit, &stopped);
        self.pool.users_up_to(wanted, filling).await
    }

    fn filling_with<'a>(
        &'a self,
        kit: &'a Kit<'a>,
        stopped: &'a (dyn Fn() -> bool + Sync),
    ) -> Filling<'a> {
        Filling {
            session: &*self.tools.session,
            ledger: &self.ledger,
            limit: self.limit.as_ref(),
            kit,
            portion: self.portion,
            stopped,
        }
    }

    /// Whether nothing new may be sent.
    pub(super) fn is_over(&self) -> bool {
        self.over.is_cancelled()
    }

    /// Waits for the beginning; none where it never comes.
    pub(super) async fn start(&self) -> Option<&Start> {
        loop {
            let begin = self.begin.notified();
            if let Some(start) = self.started.get() {
                return Some(start);
            }
            tokio::select! {
                () = begin => {}
                () = self.over.cancelled() => return self.started.get(),
            }
        }
    }

    /// Waits until one more request may be sent.
    pub(super) async fn leave(&self) {
        if let Some(limit) = &self.limit {
            self.rest(limit.wait(Instant::now())).await;
        }
    }

    /// Sleeps; less where the end comes first.
    pub(super) async fn rest(&self, time: Duration) {
        if time.is_zero() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = self.over.cancelled() => {}
        }
    }

    /// Notes that a user could not be given what it needs.
    pub(super) fn note_setup(&self, why: String) {
        self.setup_failed.store(true, Ordering::Relaxed);
        let mut held = self
            .setup_trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        held.get_or_insert(why);
    }
}
