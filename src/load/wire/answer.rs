//! A complete answer.

use std::time::{Duration, Instant};

use bytes::Bytes;

use super::head::Head;

/// A complete answer, body included, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status, also outside 100–599.
    pub status: u16,
    /// Body, without its content coding.
    pub body: Bytes,
    /// Bytes of the body as they came over the wire.
    pub received: u64,
    /// When things happened.
    pub at: Moments,
    /// `X-Request-Id` of the request: the run, the connection, a number.
    pub id: RequestId,
    pub(super) head: Head,
}

/// When the parts of an exchange happened.
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    /// Before the first byte was sent, and before the connection was asked for where a new one was needed.
    pub sent: Instant,
    /// The head of the answer was whole.
    pub headers: Instant,
    /// Its body was whole.
    pub done: Instant,
}

impl Moments {
    /// From the send to the last byte.
    #[must_use]
    pub fn service(&self) -> Duration {
        self.done.saturating_duration_since(self.sent)
    }
}

/// Names a request on both sides: `X-Request-Id` is the run's id, and these two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestId {
    /// Number of the connection.
    pub connection: u64,
    /// Number of the request on it, from 1.
    pub n: u64,
}

impl Answer {
    /// First value of a header field, name compared without case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.head.get(name)
    }

    /// All header fields.
    #[must_use]
    pub fn headers(&self) -> Vec<(&str, &[u8])> {
        self.head.all()
    }

    /// `ETag`.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.text("etag")
    }

    /// `Location`.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.text("location")
    }

    /// `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<&str> {
        self.text("retry-after")
    }

    /// `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.text("content-type")
    }

    fn text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.head.get(name)?).ok()
    }
}
