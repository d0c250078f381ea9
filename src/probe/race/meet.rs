//! Rivals who meet: clients that are let go together, each one request after another, and the log of what they
//! asked and were told.
//!
//! Judges nothing.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use http::Method;
use rand_chacha::rand_core::Rng as _;
use serde_json::{Value, json};

use super::history::{Kind, OBSERVER, Op, Outcome, Output};
use super::shows::Shows;
use crate::exchange::Exchange;
use crate::probe::Arena;
use crate::probe::arena::available;
use crate::scim::resource::member;
use crate::scim::urn;
use crate::seed::Seed;
use crate::session::{BoxFuture, Via};

/// Longest time that a client hesitates before its first request.
const LONGEST: Duration = Duration::from_millis(50);

/// Below this a timer is too coarse, and the client looks at the clock itself.
const COARSE: Duration = Duration::from_millis(2);

/// How far apart the clients of a round begin at most, in parts of the time that one request takes: swept from
/// round to round, since nobody knows how wide the window of a mistake is.
const SWEEP: [f64; 4] = [0.0, 0.25, 1.0, 2.0];

/// One request of a client, and what it means.
pub(super) struct Act {
    kind: Kind,
    key: String,
    input: Option<String>,
    expects: Option<String>,
    shows: Shows,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Value>,
    patience: Option<Duration>,
}

impl Act {
    fn new(kind: Kind, method: Method, path: &str) -> Self {
        Self {
            kind,
            key: path.to_owned(),
            input: None,
            expects: None,
            shows: Shows::Nothing,
            method,
            path: path.to_owned(),
            query: Vec::new(),
            body: None,
            patience: None,
        }
    }

    /// A read of a resource.
    pub(super) fn read(path: &str, shows: Shows) -> Self {
        let kind = match shows {
            Shows::Members | Shows::Values(_) => Kind::Look,
            _ => Kind::Read,
        };
        Self {
            shows,
            ..Self::new(kind, Method::GET, path)
        }
    }

    /// A look at what a filter finds.
    pub(super) fn find(endpoint: &str, filter: &str, shows: Shows) -> Self {
        Self {
            shows,
            query: vec![("filter".to_owned(), filter.to_owned())],
            ..Self::new(Kind::Look, Method::GET, endpoint)
        }
    }

    /// With further parameters.
    pub(super) fn with(mut self, parameters: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        self.query.extend(parameters.iter().map(own));
        self
    }

    /// A PATCH with one operation.
    pub(super) fn patch(kind: Kind, path: &str, operation: &Value) -> Self {
        let body = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
        Self {
            body: Some(body),
            ..Self::new(kind, Method::PATCH, path)
        }
    }

    /// A POST.
    pub(super) fn post(kind: Kind, path: &str, body: Value) -> Self {
        Self {
            body: Some(body),
            ..Self::new(kind, Method::POST, path)
        }
    }

    /// A DELETE.
    pub(super) fn delete(path: &str) -> Self {
        Self::new(Kind::Delete, Method::DELETE, path)
    }

    /// What it is about, where that is not its path.
    pub(super) fn about(self, key: &str) -> Self {
        Self {
            key: key.to_owned(),
            ..self
        }
    }

    /// What it writes, for the log.
    pub(super) fn of(self, input: &str) -> Self {
        Self {
            input: Some(input.to_owned()),
            ..self
        }
    }

    /// What its answer shows.
    pub(super) fn showing(self, shows: Shows) -> Self {
        Self { shows, ..self }
    }

    /// Only where the version has this tag.
    pub(super) fn at(self, tag: &str) -> Self {
        Self {
            expects: Some(tag.to_owned()),
            ..self
        }
    }

    /// Only so long; then the connection is given up.
    pub(super) fn within(self, patience: Duration) -> Self {
        Self {
            patience: Some(patience),
            ..self
        }
    }
}

/// One meeting of rivals: what they share, and their log.
pub(super) struct Meeting<'a> {
    pub(super) arena: &'a Arena,
    /// Number of the round, from 0.
    pub(super) round: u32,
    seed: Seed,
    begun: Instant,
    log: Mutex<Vec<(Op, Exchange)>>,
}

/// One client; it sends one request at a time.
#[derive(Clone, Copy)]
pub(super) struct Client<'m> {
    meeting: &'m Meeting<'m>,
    number: u32,
}

impl<'a> Meeting<'a> {
    /// The meeting of a round.
    pub(super) fn new(arena: &'a Arena, round: u32) -> Self {
        Self {
            arena,
            round,
            seed: arena.scope.seed().derive("jitter").nth(round.into()),
            begun: Instant::now(),
            log: Mutex::default(),
        }
    }

    /// The one who sets up and looks at the end.
    pub(super) fn observer(&self) -> Client<'_> {
        self.client(OBSERVER)
    }

    /// A rival, from 1.
    pub(super) fn client(&self, number: u32) -> Client<'_> {
        Client {
            meeting: self,
            number,
        }
    }

    /// Lets all go together, once so many requests can leave at once. A client that ends in `None` has retired.
    pub(super) async fn meet(&self, clients: Vec<BoxFuture<'_, Option<()>>>) {
        let count = u32::try_from(clients.len()).unwrap_or(u32::MAX);
        self.arena.session.gather(count).await;
        let usual = self.usual();
        let clients = clients.into_iter().enumerate().map(|(at, client)| {
            let pause = self.pause(at as u64, usual);
            async move {
                wait(pause).await;
                client.await
            }
        });
        join_all(clients).await;
    }

    /// The log in the order of completion.
    pub(super) fn ops(&self) -> Vec<Op> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().map(|(op, _)| op.clone()).collect()
    }

    /// The exchange of an operation.
    pub(super) fn exchange(&self, op: &Op) -> Option<Exchange> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.get(op.id).map(|(_, exchange)| exchange.clone())
    }

    /// A number from 0 to 1, of the round.
    pub(super) fn share(&self) -> f64 {
        let drawn = self.seed.derive("share").rng().next_u32();
        f64::from(drawn) / f64::from(u32::MAX)
    }

    /// How long a request takes here, as far as one was seen.
    pub(super) fn usual(&self) -> Duration {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let times = log.iter().map(|(op, _)| op.to.saturating_sub(op.from));
        times.max().unwrap_or_default()
    }

    /// How long a client hesitates.
    fn pause(&self, client: u64, usual: Duration) -> Duration {
        let step = SWEEP.get(self.round as usize % SWEEP.len());
        let widest = usual.mul_f64(step.copied().unwrap_or_default());
        let share = f64::from(self.seed.nth(client).rng().next_u32()) / f64::from(u32::MAX);
        widest.min(LONGEST).mul_f64(share)
    }

    fn note(&self, op: Op, exchange: Exchange) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let op = Op {
            id: log.len(),
            ..op
        };
        log.push((op, exchange));
    }
}

impl Client<'_> {
    /// Sends a request and logs it. `None` where nobody knows what became of it: such a client sends nothing more,
    /// since what it asked may still be under way.
    pub(super) async fn act(self, act: Act) -> Option<Exchange> {
        let (exchange, from, to) = self.send(&act).await;
        let outcome = outcome(act.kind, exchange.status());
        let output = match outcome {
            Outcome::Done => act.shows.read(&exchange),
            _ => Output::Nothing,
        };
        let header = |name| exchange.response.as_ref()?.header(name).map(str::to_owned);
        let op = Op {
            id: 0,
            client: self.number,
            kind: act.kind,
            key: act.key,
            input: act.input,
            expects: act.expects,
            from,
            to,
            outcome,
            output,
            tag: header("etag").filter(|_| outcome == Outcome::Done),
            status: exchange.status(),
        };
        self.meeting.note(op, exchange.clone());
        (outcome != Outcome::Open).then_some(exchange)
    }

    /// Sends a bulk request and logs each of its operations, which write these values.
    pub(super) async fn act_in_bulk(self, act: Act, inputs: &[&str]) -> Option<()> {
        let (exchange, from, to) = self.send(&act).await;
        let status = status_of_all(&exchange, inputs.len());
        let outcome = outcome(act.kind, status);
        for input in inputs {
            let op = Op {
                id: 0,
                client: self.number,
                kind: act.kind,
                key: act.key.clone(),
                input: Some((*input).to_owned()),
                expects: None,
                from,
                to,
                outcome,
                output: Output::Nothing,
                tag: None,
                status,
            };
            self.meeting.note(op, exchange.clone());
        }
        (outcome != Outcome::Open).then_some(())
    }

    async fn send(self, act: &Act) -> (Exchange, Duration, Duration) {
        let arena = self.meeting.arena;
        let step = if self.number == OBSERVER {
            "look"
        } else {
            "race"
        };
        let mut call = arena.call(step, act.method.clone(), &act.path, act.body.as_ref());
        call.query.clone_from(&act.query);
        if let Some(tag) = &act.expects {
            call.headers.push(("If-Match".to_owned(), tag.clone()));
        }
        call.via = Via {
            patience: act.patience,
            ..Via::default()
        };
        let from = self.meeting.begun.elapsed();
        let exchange = available(arena.session.send(call).await);
        (exchange, from, self.meeting.begun.elapsed())
    }
}

/// The status that all results of a bulk request have. Where they differ nobody can tell whose is whose, since they
/// come in any order.
fn status_of_all(exchange: &Exchange, count: usize) -> Option<u16> {
    if exchange.status() != Some(200) {
        return exchange.status();
    }
    let results = member(exchange.json()?, "Operations")?.as_array()?;
    let first = results.first().and_then(status_of)?;
    let alike = results.iter().all(|one| status_of(one) == Some(first));
    (alike && results.len() == count).then_some(first)
}

/// The status of a result of a bulk request: a text, or a number by those who misread the RFC.
fn status_of(result: &Value) -> Option<u16> {
    let status = member(result, "status")?;
    let number = status
        .as_u64()
        .and_then(|number| u16::try_from(number).ok());
    number.or_else(|| status.as_str()?.parse().ok())
}

/// What became of a request: what was refused was not done, and of what was not answered, or answered by somebody
/// who does not know, nobody can tell.
fn outcome(kind: Kind, status: Option<u16>) -> Outcome {
    let reads = matches!(kind, Kind::Read | Kind::Look);
    match status {
        Some(501) => Outcome::Refused,
        None | Some(202 | 408 | 429 | 500..) => Outcome::Open,
        Some(404) if reads => Outcome::Done,
        Some(200..=299) => Outcome::Done,
        Some(_) => Outcome::Refused,
    }
}

/// Waits in real time, also for less than a timer can.
async fn wait(pause: Duration) {
    if pause >= COARSE {
        tokio::time::sleep(pause).await;
        return;
    }
    let end = Instant::now() + pause;
    while Instant::now() < end {
        tokio::task::yield_now().await;
    }
}
