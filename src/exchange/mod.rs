//! Recorded HTTP as plain data: what was sent, what came back, and when.
//!
//! An [`Exchange`] is already redacted: secrets stand in it as labels. It never touches a socket
//! and judges nothing; checks are pure functions over it.

mod curl;
pub mod wire;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use curl::curl;

/// One request and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Exchange {
    /// Number of the exchange in its run, from 1; 0 until a recorder numbered it.
    pub n: u64,
    /// Case that sent it (`users.delete`), empty for set-up of the run itself.
    pub case: String,
    /// Name of the step in the case.
    pub step: String,
    /// What was sent.
    pub request: Request,
    /// The complete response; absent when the exchange failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub response: Option<Response>,
    /// Why there is no complete response.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<Failure>,
    /// When it happened.
    pub timing: Timing,
}

impl Exchange {
    /// Status of the complete response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Request and ending in a clause, for people: `POST /Users was answered 400`.
    #[must_use]
    pub fn said(&self) -> String {
        let Request { method, path, .. } = &self.request;
        match (self.status(), &self.failure) {
            (Some(status), _) => format!("{method} {path} was answered {status}"),
            (None, Some(failure)) => format!("{method} {path} failed: {}", failure.detail),
            (None, None) => format!("{method} {path} was not answered"),
        }
    }

    /// Parsed body of the complete response.
    #[must_use]
    pub fn json(&self) -> Option<&Value> {
        self.response.as_ref()?.body.json.as_deref()
    }
}

/// What was sent, redacted.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Request {
    /// Upper-case method.
    pub method: String,
    /// Absolute URL with its query as sent.
    pub url: String,
    /// Path below the base URL, percent-encoded, with a leading slash (`/Users/2819`).
    pub path: String,
    /// Query parameters, decoded, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<(String, String)>,
    /// Header fields as sent, `Authorization` as a label.
    pub headers: Vec<Header>,
    /// Body, if one was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
}

/// A complete response, redacted.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Response {
    /// Status code as it stood on the wire, also outside 100–599.
    pub status: u16,
    /// `HTTP/1.1`, `HTTP/2` …
    pub version: String,
    /// Header fields in order, duplicates kept; bytes that are no UTF-8 shown as `\xNN`.
    pub headers: Vec<Header>,
    /// Body after content decoding; empty when there was none.
    pub body: Body,
    /// Defects of HTTP itself that the client saw in an otherwise usable response.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wire: Vec<WireDefect>,
}

impl Response {
    /// First value of a header field, name compared without case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value.as_str())
    }

    /// All values of a header field, name compared without case.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value.as_str())
    }
}

/// One header field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Header {
    /// Name as sent or received.
    pub name: String,
    /// Value.
    pub value: String,
}

/// A request or response body, redacted.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Body {
    /// Length in bytes before redaction and truncation.
    pub length: u64,
    /// Text; invalid UTF-8 replaced. Redacted JSON is printed again from [`Body::json`].
    pub text: String,
    /// Whether `text` holds less than the body.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// What is wrong with the body as JSON, by the strict reader; empty for an empty body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<BodyDefect>,
    /// The parsed value, also where a defect could be repaired (BOM, duplicate key: the last wins).
    #[serde(skip)]
    pub json: Option<Arc<Value>>,
}

/// Something wrong with a body as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BodyDefect {
    /// Stable code: `bom`, `utf8`, `duplicate-key`, `duplicate-name` (differs in case only), `depth`, `number`, `syntax`, `trailing`.
    pub code: String,
    /// JSON Pointer, or `byte N`.
    pub at: String,
    /// What was seen, for a reader.
    pub detail: String,
}

/// A defect of HTTP itself in an otherwise usable response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WireDefect {
    /// Stable code: `duplicate-header`, `status-range`, `length-and-chunked`, `stacked-coding`, `unrequested-coding`, `redirect` …
    pub code: String,
    /// What was seen, for a reader.
    pub detail: String,
}

/// Why an exchange has no complete response.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Failure {
    /// What kind of trouble.
    pub kind: FailureKind,
    /// The cause, one line.
    pub detail: String,
    /// Status, where the head of a response had come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// Kinds of failed exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FailureKind {
    /// The name does not resolve.
    Dns,
    /// The port is closed.
    Refused,
    /// No connection in time.
    ConnectTimeout,
    /// TLS: certificate not accepted.
    TlsCertificate,
    /// TLS: any other trouble of the handshake.
    Tls,
    /// No response head in time.
    HeaderTimeout,
    /// The body stopped coming.
    IdleTimeout,
    /// The exchange as a whole took too long.
    TotalTimeout,
    /// Connection reset.
    Reset,
    /// Connection closed before the response was whole.
    Truncated,
    /// Decoded body over the cap.
    BodyTooLarge,
    /// Head over the client's limits.
    HeadTooLarge,
    /// Bad framing: lengths, chunks, header bytes.
    Framing,
    /// Not HTTP at all.
    NotHttp,
    /// Content coding that does not decode, is stacked, or was not asked for.
    ContentCoding,
    /// HTTP/2 protocol error.
    Protocol,
    /// 429 or 503 with `Retry-After` beyond the budget.
    Throttled,
    /// Our own guard refused to send it.
    Guarded,
    /// The run was interrupted, or the case broke the exchange off.
    Interrupted,
    /// Anything else.
    Other,
}

impl FailureKind {
    /// Whether the server provably sent something wrong on the wire, as opposed to what may be the path's fault.
    #[must_use]
    pub fn is_servers(self) -> bool {
        matches!(
            self,
            Self::Framing | Self::NotHttp | Self::ContentCoding | Self::BodyTooLarge
        )
    }
}

/// When an exchange happened; microseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Timing {
    /// From the start of the run to the send.
    pub started_us: u64,
    /// From the send to the response head.
    pub headers_us: u64,
    /// From the send to the last byte of the body.
    pub total_us: u64,
}
