//! Stage 8: status, header fields and body.
//!
//! The only place that knows media types and which header fields an answer carries.

use http::HeaderMap;
use serde_json::Value;

use bytes::Bytes;

/// A response before it is put on the wire.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Header fields, without those that belong to the connection.
    pub headers: HeaderMap,
    /// Body.
    pub body: Content,
}

/// The body of a reply.
#[derive(Clone, Debug, Default)]
pub enum Content {
    /// No body.
    #[default]
    Empty,
    /// A document, printed when it is sent.
    Document(Value),
    /// Bytes, sent as they are.
    Bytes(Bytes),
}

impl Content {
    /// The bytes to send.
    pub fn into_bytes(self) -> Bytes {
        match self {
            Self::Empty => Bytes::new(),
            Self::Document(value) => Bytes::from(value.to_string()),
            Self::Bytes(bytes) => bytes,
        }
    }
}
