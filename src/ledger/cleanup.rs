//! Clean-up: removes what the ledger says is ours, and says what it could not remove.
//!
//! Touches nothing else. What a create may have made is looked for by its marker first.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use http::Method;
use serde_json::Value;

use super::adopt;
use super::book::{Fate, Key, Unresolved};
use super::find::{self, Found, outcome};
use super::journal::Ledger;
use super::replay::LedgerError;
use crate::clock::Clock;
use crate::exchange::Exchange;
use crate::payload::Marker;
use crate::session::{Auth, Call, Intent, Session, Via, segment};

/// Times that a removal is tried when the target is in trouble.
const TRIES: u32 = 3;

/// How clean-up goes about it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Removals at the same time.
    pub jobs: usize,
    /// Time for all of it; what is not removed by then is left over.
    pub budget: Duration,
    /// How long a removed resource may stay readable: the target's read-after-write lag.
    pub settle: Duration,
    /// Rules the waits in between.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jobs: 4,
            budget: Duration::from_secs(60),
            settle: Duration::from_secs(2),
            clock: Clock::System,
        }
    }
}

/// What clean-up did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Resources that were ever ours.
    pub created: u64,
    /// Of those, not there any more.
    pub deleted: u64,
    /// What is or may be still there.
    pub leftover: Vec<Leftover>,
}

/// What is or may be still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Path below the base, or endpoint and marker where the id is unknown.
    pub resource: String,
    /// Why.
    pub reason: String,
}

pub(super) struct Sweep<'a> {
    pub(super) session: &'a dyn Session,
    pub(super) ledger: &'a Ledger,
    options: &'a Options,
    pub(super) until: Instant,
    /// Whether the target was seen to keep removed resources readable.
    keeps: AtomicBool,
}

/// Removes everything that the ledger says is ours: Groups first, Users last, newest first.
/// The session is the client itself, not the guard.
pub async fn cleanup(
    session: &dyn Session,
    ledger: &Ledger,
    options: &Options,
) -> Result<Swept, LedgerError> {
    let journal = ledger.head().base;
    if journal != session.base_url() {
        let target = session.base_url().to_owned();
        return Err(LedgerError::OtherTarget { journal, target });
    }
    let sweep = Sweep {
        session,
        ledger,
        options,
        until: Instant::now() + options.budget,
        keeps: AtomicBool::new(false),
    };
    let mut leftover = sweep.resolve().await;
    let blind = sweep.blind().await;
    sweep.recheck().await;
    for rank in 0..3 {
        let keys: Vec<Key> = ledger
            .standing()
            .into_iter()
            .filter(|(endpoint, _)| rank_of(endpoint) == rank)
            .collect();
        sweep
            .each(keys, |(endpoint, id)| sweep.remove(endpoint, id))
            .await;
    }
    leftover.extend(sweep.spaces(&blind).await);
    let all = ledger.all();
    leftover.extend(all.iter().filter_map(|((endpoint, id), fate)| {
        let reason = match fate {
            Fate::Live => "there was no time left to remove it".to_owned(),
            Fate::Leftover(reason) => reason.clone(),
            Fate::Deleted | Fate::Gone => return None,
        };
        let resource = format!("{endpoint}/{id}");
        Some(Leftover { resource, reason })
    }));
    let away = |fate: &Fate| matches!(fate, Fate::Deleted | Fate::Gone);
    Ok(Swept {
        created: all.len() as u64,
        deleted: all.iter().filter(|(_, fate)| away(fate)).count() as u64,
        leftover,
    })
}

/// Members go after the groups that name them.
pub(super) fn rank_of(endpoint: &str) -> u8 {
    let endpoint = endpoint.to_ascii_lowercase();
    if endpoint.contains("group") {
        0
    } else if endpoint.ends_with("/users") {
        2
    } else {
        1
    }
}

impl Sweep<'_> {
    /// Runs a step over many, some at a time, until the budget is spent.
    pub(super) async fn each<T, R, F: Future<Output = R>>(
        &self,
        items: Vec<T>,
        step: impl Fn(T) -> F,
    ) -> Vec<R> {
        futures_util::stream::iter(items)
            .take_while(|_| std::future::ready(Instant::now() < self.until))
            .map(step)
            .buffer_unordered(self.options.jobs.max(1))
            .collect()
            .await
    }

    /// Looks for what creates of unknown end have made.
    async fn resolve(&self) -> Vec<Leftover> {
        let open = self.ledger.unresolved();
        self.each(open, |one| self.resolve_one(one)).await;
        self.ledger
            .unresolved()
            .into_iter()
            .map(|one| Leftover {
                resource: match (&one.claimed, one.marker.as_str()) {
                    (Some(id), "") => format!("{}/{id}", one.endpoint),
                    (_, marker) => format!("{} {marker}", one.endpoint).trim_end().to_owned(),
                },
                reason: match &one.claimed {
                    Some(id) => format!(
                        "a create was answered with the id {id}, which does not carry our marker; it was not touched"
                    ),
                    None => "it is not known what a create made, and nothing in it can be looked for".to_owned(),
                },
            })
            .collect()
    }

    async fn resolve_one(&self, open: Unresolved) {
        let (endpoint, marker) = (&open.endpoint, &open.marker);
        if let Some(id) = &open.claimed
            && !marker.is_empty()
            && find::is_marked(self.session, endpoint, id, marker).await
        {
            self.ledger.created(open.n, id);
            return;
        }
        if marker.is_empty() && open.claimed.is_none() {
            return self.resolve_unmarked(&open).await;
        }
        match find::by_marker(self.session, endpoint, marker).await {
            Found::Ids(ids) => match ids.split_first() {
                Some((first, rest)) => {
                    self.ledger.created(open.n, first);
                    if !rest.is_empty() {
                        self.ledger.own(endpoint, rest.to_vec());
                    }
                }
                None if open.claimed.is_none() => {
                    self.ledger.failed(open.n, "nothing carries its marker");
                }
                None => {}
            },
            Found::Unsure(why) => self.ledger.unknown(open.n, &why, open.claimed.as_deref()),
        }
    }

    /// A create without a marker has failed where nothing new stands at its endpoint. What is new there
    /// may be somebody else's: it is not touched.
    async fn resolve_unmarked(&self, open: &Unresolved) {
        let head = self.ledger.head();
        let marker = Marker::new(&head.run);
        let known = |resource: &Value| {
            let id = resource.get("id").and_then(Value::as_str);
            id.is_some_and(|id| self.ledger.fate(&open.endpoint, id).is_some())
                || adopt::carries(Some(resource), marker.as_str())
        };
        match find::since(self.session, &open.endpoint, &head.started, known).await {
            Found::Ids(ids) if ids.is_empty() => {
                self.ledger
                    .failed(open.n, "nothing new stands at its endpoint");
            }
            Found::Ids(ids) => {
                let why = format!("{} resources may be what it made", ids.len());
                self.ledger.unknown(open.n, &why, None);
            }
            Found::Unsure(why) => self.ledger.unknown(open.n, &why, None),
        }
    }

    /// Looks whether what cases have deleted is really gone: one an endpoint, all where that one
    /// is still readable.
    async fn recheck(&self) {
        let mut by_endpoint: BTreeMap<String, Vec<Key>> = BTreeMap::new();
        for (key, fate) in self.ledger.all() {
            if fate == Fate::Deleted {
                by_endpoint.entry(key.0.clone()).or_default().push(key);
            }
        }
        for keys in by_endpoint.into_values() {
            let Some((endpoint, id)) = keys.last().cloned() else {
                continue;
            };
            if !self.is_readable(&endpoint, &id).await {
                continue;
            }
            self.each(keys, |(endpoint, id)| async move {
                if self.stays_readable(&endpoint, &id).await {
                    let reason = "still readable after DELETE was answered with success";
                    self.ledger.leftover(&endpoint, &id, reason);
                }
            })
            .await;
        }
    }

    /// Removes one resource and enters its fate.
    pub(super) async fn remove(&self, endpoint: String, id: String) {
        let mut last = String::new();
        for attempt in 0..TRIES {
            if attempt > 0 {
                let pause = Duration::from_millis(200) * 2_u32.pow(attempt);
                self.options.clock.sleep(pause).await;
            }
            let exchange = self.send(Method::DELETE, &endpoint, &id).await;
            match exchange.status() {
                Some(status @ (200..=299 | 404 | 410)) => {
                    if self.stays_readable(&endpoint, &id).await {
                        let reason = format!("still readable after DELETE answered {status}");
                        self.ledger.leftover(&endpoint, &id, &reason);
                    } else if status < 300 {
                        self.ledger.deleted(&endpoint, &id);
                    } else {
                        self.ledger.gone(&endpoint, &id);
                    }
                    return;
                }
                Some(status @ 300..=499) => {
                    let reason = format!("DELETE answered {status}");
                    self.ledger.leftover(&endpoint, &id, &reason);
                    return;
                }
                _ => last = outcome(&exchange),
            }
            if Instant::now() >= self.until {
                break;
            }
        }
        let reason = format!("DELETE failed: {last}");
        self.ledger.leftover(&endpoint, &id, &reason);
    }

    /// Whether it is still readable once the target had its time to settle.
    async fn stays_readable(&self, endpoint: &str, id: &str) -> bool {
        let step = self.options.settle / 4;
        let waits = if self.keeps.load(Ordering::Relaxed) {
            0
        } else {
            4
        };
        for wait in 0..=waits {
            if wait > 0 {
                self.options.clock.sleep(step).await;
            }
            if !self.is_readable(endpoint, id).await {
                return false;
            }
        }
        self.keeps.store(true, Ordering::Relaxed);
        true
    }

    async fn is_readable(&self, endpoint: &str, id: &str) -> bool {
        let exchange = self.send(Method::GET, endpoint, id).await;
        matches!(exchange.status(), Some(200..=299))
    }

    async fn send(&self, method: Method, endpoint: &str, id: &str) -> Exchange {
        let intent = if method == Method::GET {
            Intent::Read
        } else {
            Intent::Write {
                endpoint: endpoint.to_owned(),
                id: id.to_owned(),
            }
        };
        let call = Call {
            case: "cleanup".to_owned(),
            step: format!("{method} {endpoint}/{id}"),
            method,
            path: format!("{endpoint}/{}", segment(id)),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            auth: Auth::Main,
            via: Via::default(),
            intent,
        };
        self.session.send(call).await
    }
}
