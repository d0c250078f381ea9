//! The outermost session: numbers every exchange, writes it down, has the invariants judge it, and opens
//! the circuit when the target is gone.
//!
//! Sends nothing of its own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::jury::Jury;
use super::outcome::{Reason, Traffic};
use super::stop::Stop;
use super::tally::Tally;
use crate::exchange::{Exchange, Failure, FailureKind, Timing};
use crate::record::Event;
use crate::requirement::{Catalogue, Grading};
use crate::scim::capabilities::Capabilities;
use crate::session::{Auth, BoxFuture, Call, Key, Session, To};

/// Weight of failures in a row at which the target counts as lost.
const LOST_AT: u32 = 20;

/// Takes what happens in a run.
pub trait Sink: Send + Sync {
    /// Something happened.
    fn event(&self, event: Event);

    /// An exchange ended.
    fn exchange(&self, exchange: &Exchange);
}

/// A session that records.
pub struct Recorder {
    inner: Arc<dyn Session>,
    sink: Arc<dyn Sink>,
    stop: Stop,
    jury: Jury,
    next: AtomicU64,
    lost: AtomicU32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    traffic: Traffic,
    counters: BTreeMap<String, u64>,
}

impl Recorder {
    /// A recorder over a session.
    pub fn new(
        inner: Arc<dyn Session>,
        sink: Arc<dyn Sink>,
        stop: Stop,
        catalogue: Arc<Catalogue>,
        grading: Grading,
    ) -> Self {
        let jury = Jury::new(catalogue, grading, inner.base_url());
        Self {
            inner,
            sink,
            stop,
            jury,
            next: AtomicU64::new(1),
            lost: AtomicU32::new(0),
            state: Mutex::new(State::default()),
        }
    }

    /// From now on exchanges are judged by what the target says it can do; those before are, too.
    pub fn capabilities_known(&self, capabilities: Arc<Capabilities>) {
        self.jury.capabilities_known(capabilities);
    }

    /// How the answers fell.
    pub fn traffic(&self) -> Traffic {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .traffic
    }

    /// Takes out what the invariants found, by id, once they have judged all that was sent.
    pub async fn take_invariants(&self) -> BTreeMap<&'static str, Tally> {
        if let Ok(tallies) = self.jury.finish().await {
            return tallies;
        }
        self.stop.note(Reason::Bug);
        self.jury.finish().await.unwrap_or_default()
    }

    /// Records what goes over another session, also after the stop: for clean-up. Judges nothing.
    pub fn aside(self: &Arc<Self>, inner: Arc<dyn Session>) -> Arc<dyn Session> {
        Arc::new(Aside {
            recorder: Arc::clone(self),
            inner,
        })
    }

    fn record(&self, exchange: &mut Exchange) {
        exchange.n = self.next.fetch_add(1, Ordering::Relaxed);
        self.sink.exchange(exchange);
        self.sink.event(Event::Exchanged {
            n: exchange.n,
            case: exchange.case.clone(),
            status: exchange.status(),
            total_us: exchange.timing.total_us,
        });
    }

    /// The number of an exchange in its case; how it was answered is counted where it says something of access.
    fn count(&self, exchange: &Exchange, main: bool) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(status) = exchange.status().filter(|_| main) {
            state.traffic.answered += 1;
            state.traffic.refused += u64::from(matches!(status, 401 | 403));
        }
        let counter = state.counters.entry(exchange.case.clone()).or_default();
        *counter += 1;
        *counter
    }

    fn watch_circuit(&self, exchange: &Exchange) {
        if exchange
            .failure
            .as_ref()
            .is_some_and(|failure| failure.kind == FailureKind::Throttled)
        {
            self.stop.ask(
                Some(Reason::Throttled),
                "the target throttled beyond the budget",
            );
        }
        match exchange.failure.as_ref().map(|failure| failure.kind) {
            // Not sent: says nothing about the target.
            Some(FailureKind::Guarded | FailureKind::Interrupted) => {}
            kind => match kind.map_or(0, absence) {
                0 => self.lost.store(0, Ordering::Relaxed),
                weight if self.lost.fetch_add(weight, Ordering::Relaxed) + weight >= LOST_AT => {
                    self.stop
                        .ask(Some(Reason::TargetLost), "the target went away");
                }
                _ => {}
            },
        }
    }
}

impl Session for Recorder {
    fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
        Box::pin(async move {
            // What a gateway or a token endpoint answers is not held to the rules of SCIM.
            let ours = call.via.to == To::Base && call.via.key == Key::First;
            let main = call.auth == Auth::Main && ours;
            if self.stop.is_asked() {
                return unsent(&call, &self.stop.why());
            }
            let twin = call.clone();
            let mut exchange = tokio::select! {
                exchange = self.inner.send(call) => exchange,
                () = self.stop.overdue() => unsent(&twin, "it was still under way when the run was stopped"),
            };
            self.record(&mut exchange);
            self.watch_circuit(&exchange);
            let count = self.count(&exchange, main);
            if ours {
                self.jury.take(count, &exchange).await;
            }
            exchange
        })
    }

    fn base_url(&self) -> &str {
        self.inner.base_url()
    }

    fn gather(&self, calls: u32) -> BoxFuture<'_, ()> {
        self.inner.gather(calls)
    }
}

/// Another session, recorded.
struct Aside {
    recorder: Arc<Recorder>,
    inner: Arc<dyn Session>,
}

impl Session for Aside {
    fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
        Box::pin(async move {
            let mut exchange = self.inner.send(call).await;
            self.recorder.record(&mut exchange);
            exchange
        })
    }

    fn base_url(&self) -> &str {
        self.inner.base_url()
    }
}

/// How much a failure says that nobody is there: five refused connections in a row, or twenty requests
/// without an answer, which a single slow endpoint does not bring about.
fn absence(kind: FailureKind) -> u32 {
    match kind {
        FailureKind::Refused | FailureKind::ConnectTimeout | FailureKind::Dns => 4,
        FailureKind::HeaderTimeout | FailureKind::TotalTimeout | FailureKind::Reset => 1,
        _ => 0,
    }
}

/// The exchange of a call that was not sent, or not to its end.
fn unsent(call: &Call, why: &str) -> Exchange {
    Exchange {
        n: 0,
        case: call.case.clone(),
        step: call.step.clone(),
        request: crate::exchange::Request {
            method: call.method.to_string(),
            path: call.path.clone(),
            ..Default::default()
        },
        response: None,
        failure: Some(Failure {
            kind: FailureKind::Interrupted,
            detail: why.to_owned(),
            status: None,
        }),
        timing: Timing::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Quiet;

    impl Sink for Quiet {
        fn event(&self, _: Event) {}

        fn exchange(&self, _: &Exchange) {}
    }

    struct Nobody;

    impl Session for Nobody {
        fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
            Box::pin(std::future::ready(unsent(&call, "")))
        }

        fn base_url(&self) -> &'static str {
            "http://127.0.0.1/v2"
        }
    }

    #[track_caller]
    fn check(failures: &[(FailureKind, usize)], lost: bool) {
        let stop = Stop::default();
        let recorder = Recorder::new(
            Arc::new(Nobody),
            Arc::new(Quiet),
            stop.clone(),
            Arc::new(Catalogue::default()),
            Grading::Interop,
        );
        for (kind, times) in failures {
            let failure = Failure {
                kind: *kind,
                detail: String::new(),
                status: None,
            };
            let exchange = Exchange {
                n: 1,
                case: String::new(),
                step: String::new(),
                request: crate::exchange::Request::default(),
                response: None,
                failure: Some(failure),
                timing: Timing::default(),
            };
            for _ in 0..*times {
                recorder.watch_circuit(&exchange);
            }
        }
        assert_eq!(stop.reasons() == [Reason::TargetLost], lost, "{failures:?}");
    }

    #[test]
    fn a_target_is_lost_where_nobody_answers_for_a_while() {
        check(&[(FailureKind::Refused, 4)], false);
        check(&[(FailureKind::Refused, 5)], true);
        check(&[(FailureKind::TotalTimeout, 19)], false);
        check(&[(FailureKind::HeaderTimeout, 20)], true);
        check(
            &[
                (FailureKind::Refused, 4),
                (FailureKind::Guarded, 1),
                (FailureKind::Refused, 1),
            ],
            true,
        );
        check(
            &[
                (FailureKind::Refused, 4),
                (FailureKind::Framing, 1),
                (FailureKind::Refused, 4),
            ],
            false,
        );
    }
}
