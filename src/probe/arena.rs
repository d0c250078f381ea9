//! What a probe works with: a session, what the target says of itself, names and seeds of its case.
//!
//! Judges nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Method;
use serde_json::Value;

use super::property::{Bounds, Counterexample};
use crate::clock::Clock;
use crate::exchange::{Exchange, Failure, FailureKind};
use crate::payload::{Adaptation, Overlay, Scope};
use crate::scim::capabilities::Capabilities;
use crate::seed::Seed;
use crate::session::{Auth, Call, Content, Intent, Session, Via};

/// Media type of SCIM messages.
const SCIM: &str = "application/scim+json";

/// How much a probe may do.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Examples to draw.
    pub cases: u32,
    /// Rounds of a race.
    pub rounds: u32,
    /// Probes at the same time, but for races.
    pub abreast: usize,
    /// Requests at the same time.
    pub jobs: usize,
    /// Requests that may be spent on shrinking what failed.
    pub shrinks: u32,
    /// Failing examples after which a probe tries no more.
    pub enough: usize,
    /// How long it may take, learning and shrinking with it.
    pub time: Duration,
    /// No round of a race begins after this time, but for the first few.
    pub race: Duration,
}

/// What a probe works with.
pub struct Arena {
    /// Case id of the probe.
    pub case: String,
    /// Carries the requests.
    pub session: Arc<dyn Session>,
    /// What the target says it can do.
    pub capabilities: Arc<Capabilities>,
    /// Names and seeds of the case.
    pub scope: Scope,
    /// Text that everything created carries.
    pub marker: String,
    /// What the user says about payloads.
    pub overlay: Overlay,
    /// Time that the target can see.
    pub clock: Clock,
    /// How long a read after a write may stay behind; none where no lag was seen.
    pub window: Option<Duration>,
    /// How much it may do.
    pub effort: Effort,
    /// Seed of the run, to be told in findings.
    pub run_seed: Seed,
    /// What names the target on a command line.
    pub target: String,
    /// When the probe began.
    pub begun: Instant,
    /// Whether the user wants to stop.
    pub stopped: Box<dyn Fn() -> bool + Send + Sync>,
}

impl Arena {
    /// What payloads are adapted to.
    pub(super) fn adaptation(&self) -> Adaptation<'_> {
        Adaptation {
            capabilities: &self.capabilities,
            overlay: &self.overlay,
        }
    }

    /// How long and how hard the loop may try.
    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            jobs: self.effort.jobs,
            shrinks: self.effort.shrinks,
            enough: self.effort.enough,
            time: self.effort.time.saturating_sub(self.begun.elapsed()),
        }
    }

    /// Whether the probe has to come to its end: its time is up, or the user wants it.
    pub(super) fn is_over(&self) -> bool {
        self.begun.elapsed() >= self.effort.time || (self.stopped)()
    }

    /// Where a counterexample comes from, and the command that draws it again.
    pub(super) fn origin<V, F>(&self, found: &Counterexample<V, F>) -> String {
        let unexplained = match found.unexplained {
            0 => String::new(),
            more => format!("; {more} more examples fail that were not looked at"),
        };
        format!(
            "drawn as number {} of the seed {}, {} steps smaller; {} draws it again{unexplained}",
            found.drawn + 1,
            self.run_seed,
            found.steps,
            self.command(),
        )
    }

    /// The command that runs the probe again with the same seed.
    pub(super) fn command(&self) -> String {
        format!(
            "`scimitar test {} --only {} --seed {} --cases {}`",
            self.target, self.case, self.run_seed, self.effort.cases,
        )
    }

    /// Reads.
    pub(super) async fn get(&self, step: &str, path: &str, query: &[(&str, &str)]) -> Exchange {
        let query = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let call = Call {
            query: query.collect(),
            ..self.call(step, Method::GET, path, None)
        };
        available(self.session.send(call).await)
    }

    /// Sends a message.
    pub(super) async fn send(
        &self,
        step: &str,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Exchange {
        self.send_with(step, method, path, Vec::new(), body).await
    }

    /// Sends a message with header fields.
    pub(super) async fn send_with(
        &self,
        step: &str,
        method: Method,
        path: &str,
        headers: Vec<(String, String)>,
        body: &Value,
    ) -> Exchange {
        let call = Call {
            headers,
            ..self.call(step, method, path, Some(body))
        };
        available(self.session.send(call).await)
    }

    /// Sends a message as it is spelled and labelled.
    pub(super) async fn send_text(
        &self,
        step: &str,
        method: Method,
        path: &str,
        media_type: &str,
        text: String,
    ) -> Exchange {
        let mut call = self.call(step, method, path, Some(&Value::Null));
        call.intent = self.intent(&call.method, path, Some(text.as_bytes()));
        call.body = Some(Content {
            media_type: media_type.to_owned(),
            bytes: text.into_bytes().into(),
        });
        available(self.session.send(call).await)
    }

    /// Deletes a resource of our own.
    pub(super) async fn delete(&self, step: &str, path: &str) -> Exchange {
        let call = self.call(step, Method::DELETE, path, None);
        available(self.session.send(call).await)
    }

    /// The endpoint of a resource type, or where the RFC puts it.
    pub(super) fn endpoint(&self, resource_type: &str) -> String {
        self.capabilities.resource_type(resource_type).map_or_else(
            || format!("/{resource_type}s"),
            |kind| kind.endpoint.clone(),
        )
    }

    pub(super) fn call(
        &self,
        step: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Call {
        let bytes = body.map(|body| body.to_string().into_bytes());
        let intent = self.intent(&method, path, bytes.as_deref());
        Call {
            case: self.case.clone(),
            step: step.to_owned(),
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: bytes.map(|bytes| Content {
                media_type: SCIM.to_owned(),
                bytes: bytes.into(),
            }),
            auth: Auth::Main,
            via: Via::default(),
            intent,
        }
    }

    fn intent(&self, method: &Method, path: &str, body: Option<&[u8]>) -> Intent {
        let types = self.capabilities.resource_types.iter();
        let endpoints: Vec<String> = types.map(|kind| kind.endpoint.clone()).collect();
        Intent::of(method, path, &endpoints, body, &self.marker)
    }
}

/// An exchange from which a law can learn. That a target is busy (408, 429, 503) says nothing of what was asked: such
/// an exchange counts as one that was not answered, so that nobody is blamed.
pub(super) fn available(mut exchange: Exchange) -> Exchange {
    if let Some(status @ (408 | 429 | 503)) = exchange.status() {
        exchange.response = None;
        exchange.failure = Some(Failure {
            kind: FailureKind::Refused,
            detail: format!("answered {status}, as a target does that is busy"),
            status: Some(status),
        });
    }
    exchange
}
