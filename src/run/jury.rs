//! Judges the invariants on every exchange beside the requests, so that nobody who sends waits for it.
//!
//! Sends nothing. What it finds depends on no order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::tally::{Rules, Seen, Tally};
use crate::check::form::Forms;
use crate::check::{Context, invariant};
use crate::exchange::Exchange;
use crate::requirement::{Catalogue, Grading};
use crate::scim::capabilities::Capabilities;

/// Exchanges that wait to be judged before those who send wait, too.
const MOST_WAITING: usize = 1_024;

/// An exchange with its number in its case.
type Entry = (u64, Exchange);

/// What the invariants found, by id.
pub(super) type Tallies = BTreeMap<&'static str, Tally>;

/// An invariant panicked.
pub(super) struct BrokeDown;

/// Judges in a task of its own.
pub(super) struct Jury {
    bench: Arc<Bench>,
    worker: Mutex<Option<Worker>>,
}

struct Worker {
    queue: mpsc::Sender<Entry>,
    done: JoinHandle<()>,
}

/// What is judged by, and what was found.
struct Bench {
    catalogue: Arc<Catalogue>,
    grading: Grading,
    base_url: String,
    known: OnceLock<Known>,
    tallies: Mutex<Tallies>,
}

/// What the target says of itself, and the forms of its resources.
struct Known {
    capabilities: Arc<Capabilities>,
    forms: Forms,
}

impl Jury {
    /// A jury for what a target at this URL answers.
    pub(super) fn new(catalogue: Arc<Catalogue>, grading: Grading, base_url: &str) -> Self {
        Self {
            bench: Arc::new(Bench {
                catalogue,
                grading,
                base_url: base_url.to_owned(),
                known: OnceLock::new(),
                tallies: Mutex::default(),
            }),
            worker: Mutex::default(),
        }
    }

    /// From now on it judges, by what the target says it can do; exchanges that came before wait until then.
    pub(super) fn capabilities_known(&self, capabilities: Arc<Capabilities>) {
        let forms = Forms::of(&capabilities);
        let known = Known {
            capabilities,
            forms,
        };
        // A target says once what it can do.
        let _ = self.bench.known.set(known);
    }

    /// Takes an exchange; waits only where very many wait already.
    pub(super) async fn take(&self, count: u64, exchange: &Exchange) {
        let queue = {
            let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
            let worker = worker.get_or_insert_with(|| Worker::begin(&self.bench));
            worker.queue.clone()
        };
        // Nobody takes it any more where an invariant panicked, which is told at the end.
        let _ = queue.send((count, exchange.clone())).await;
    }

    /// Waits until all is judged, and takes out what was found.
    ///
    /// # Errors
    /// Where an invariant panicked; what was found until then can be taken out afterwards.
    pub(super) async fn finish(&self) -> Result<Tallies, BrokeDown> {
        let worker = self
            .worker
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(Worker { queue, done }) = worker {
            drop(queue);
            done.await.map_err(|_| BrokeDown)?;
        }
        let mut tallies = self
            .bench
            .tallies
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut tallies))
    }
}

impl Worker {
    fn begin(bench: &Arc<Bench>) -> Self {
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        let done = tokio::spawn(work(Arc::clone(bench), waiting));
        Self { queue, done }
    }
}

/// Judges what comes, once it is known by what.
async fn work(bench: Arc<Bench>, mut waiting: mpsc::Receiver<Entry>) {
    let mut early = Vec::new();
    while let Some(entry) = waiting.recv().await {
        early.push(entry);
        if let Some(known) = bench.known.get() {
            for entry in early.drain(..) {
                bench.judge(known, &entry);
            }
        }
    }
    if let Some(known) = bench.known.get() {
        for entry in &early {
            bench.judge(known, entry);
        }
    }
}

impl Bench {
    fn judge(&self, known: &Known, (count, exchange): &Entry) {
        let context = Context {
            forms: Some(&known.forms),
            ..Context::new(&known.capabilities, &self.base_url)
        };
        let rules = Rules {
            catalogue: &self.catalogue,
            grading: self.grading,
        };
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        for leaf in invariant::all() {
            for (requirement, judgement) in leaf.judge(exchange, &context) {
                let seen = Seen {
                    requirement,
                    check: leaf.id(),
                    judgement: &judgement,
                    exchange,
                    rank: (&exchange.case, *count),
                };
                tallies.entry(leaf.id()).or_default().add(rules, &seen);
            }
        }
    }
}
