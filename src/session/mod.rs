//! What can carry a request to a service provider and back: the client, the guard over it,
//! the embedded provider in process.
//!
//! Knows nothing of HTTP clients.

pub mod discovery;
pub mod intent;
mod segment;
pub mod version;
mod via;

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

use crate::exchange::Exchange;

pub use segment::{RESERVED, segment};
pub use via::{KEY_HEADER, KEY_QUERY, Key, Keys, Secret, Spot, To, Via};

/// A boxed future that is sent between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Carries calls to one service provider.
///
/// Every call ends in an [`Exchange`], also one that failed: transport trouble is data.
pub trait Session: Send + Sync {
    /// Sends one request and records what became of it.
    fn send(&self, call: Call) -> BoxFuture<'_, Exchange>;

    /// Base URL of the service provider, without a trailing slash.
    fn base_url(&self) -> &str;

    /// Waits until so many calls can be sent at once without one of them waiting for its turn; at most as many as
    /// may leave at once at all. What takes no turns is always ready.
    fn gather(&self, calls: u32) -> BoxFuture<'_, ()> {
        let _ = calls;
        Box::pin(std::future::ready(()))
    }
}

/// A request to be sent. Labels of secrets in it are resolved at the socket.
#[derive(Clone, Debug)]
pub struct Call {
    /// Case and step, for the record.
    pub case: String,
    /// Name of the step in the case.
    pub step: String,
    /// Method.
    pub method: http::Method,
    /// Path below the base URL, percent-encoded, with a leading slash; empty for the base itself.
    /// One that begins with `/../` takes the place of the base's version segment.
    pub path: String,
    /// Query parameters, decoded, in order; the client encodes them. One without a name is a piece of the
    /// query as it stands on the wire.
    pub query: Vec<(String, String)>,
    /// Header fields beyond what the client sets (`Accept`, `Authorization`, `User-Agent`, `X-Request-Id`); a same-named one here replaces the client's.
    pub headers: Vec<(String, String)>,
    /// Body and its media type.
    pub body: Option<Content>,
    /// Which credential to send.
    pub auth: Auth,
    /// What the call may change.
    pub intent: Intent,
    /// Where it goes beside the base, which key it carries, what in its answer is a secret.
    pub via: Via,
}

/// A body to be sent.
#[derive(Clone, Debug)]
pub struct Content {
    /// Media type, sent as it stands.
    pub media_type: String,
    /// The bytes, with secrets as labels.
    pub bytes: Bytes,
}

/// Which credential a call carries.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Auth {
    /// The configured one.
    #[default]
    Main,
    /// The second credential.
    Second,
    /// None at all.
    None,
    /// This value of the `Authorization` field.
    Header(String),
}

impl Call {
    /// A GET of a path below the base, with the configured credential and nothing else.
    #[must_use]
    pub fn read(case: &str, step: &str, path: &str) -> Self {
        Self {
            case: case.to_owned(),
            step: step.to_owned(),
            method: http::Method::GET,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            auth: Auth::Main,
            intent: Intent::Read,
            via: Via::default(),
        }
    }

    /// The parameters that a server reads in the query, decoded, in order: also those of a piece that is sent as it
    /// stands.
    pub fn parameters(&self) -> Vec<(String, String)> {
        self.query
            .iter()
            .flat_map(|(name, value)| match name.as_str() {
                "" => url::form_urlencoded::parse(value.as_bytes())
                    .into_owned()
                    .collect(),
                _ => vec![(name.clone(), value.clone())],
            })
            .collect()
    }
}

/// What a call may change; the guard lets it pass or not.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Intent {
    /// Changes nothing: GET, HEAD, OPTIONS, POST of a search.
    #[default]
    Read,
    /// May create a resource at this endpoint (`/Users`), carrying this marker.
    Create {
        /// Endpoint below the base.
        endpoint: String,
        /// Text by which the resource can be found again (in userName, displayName or externalId); empty when unmarked.
        marker: String,
    },
    /// Changes or removes the resource with this id at this endpoint.
    Write {
        /// Endpoint below the base.
        endpoint: String,
        /// Decoded id.
        id: String,
    },
    /// A bulk request: its operations, each a `Create` or `Write`.
    Bulk(Vec<Intent>),
    /// A method that this place does not offer (PUT on a collection, POST on a discovery endpoint).
    Method,
}
