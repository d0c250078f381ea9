//! What a probe works with: a session, what the target says of itself, names and seeds of its case.
//!
//! Judges nothing.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::Value;

use super::property::Bounds;
use crate::clock::Clock;
use crate::exchange::Exchange;
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
    /// Requests at the same time.
    pub jobs: usize,
    /// Requests that may be spent on shrinking what failed.
    pub shrinks: u32,
    /// No example begins after this time.
    pub time: Duration,
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
            time: self.effort.time,
        }
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
        self.session.send(call).await
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
        self.session.send(call).await
    }

    /// Deletes a resource of our own.
    pub(super) async fn delete(&self, step: &str, path: &str) -> Exchange {
        let call = self.call(step, Method::DELETE, path, None);
        self.session.send(call).await
    }

    /// The endpoint of a resource type, or where the RFC puts it.
    pub(super) fn endpoint(&self, resource_type: &str) -> String {
        self.capabilities.resource_type(resource_type).map_or_else(
            || format!("/{resource_type}s"),
            |kind| kind.endpoint.clone(),
        )
    }

    fn call(&self, step: &str, method: Method, path: &str, body: Option<&Value>) -> Call {
        let bytes = body.map(|body| body.to_string().into_bytes());
        let endpoints: Vec<String> = self
            .capabilities
            .resource_types
            .iter()
            .map(|kind| kind.endpoint.clone())
            .collect();
        let intent = Intent::of(&method, path, &endpoints, bytes.as_deref(), &self.marker);
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
}
