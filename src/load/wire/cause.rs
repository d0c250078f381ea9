//! Why a request has no complete answer.

use std::borrow::Cow;
use std::error::Error;
use std::io;
use std::time::Instant;

/// Why a request has no complete answer: what happened to its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Cause {
    /// The name does not resolve.
    Dns,
    /// The port is closed.
    Refused,
    /// No connection in time.
    ConnectTimeout,
    /// TLS, certificates included.
    Tls,
    /// This machine has no more file descriptors, ports or memory for a connection.
    Exhausted,
    /// No whole head in time.
    HeaderTimeout,
    /// No whole answer in time.
    TotalTimeout,
    /// Connection reset.
    Reset,
    /// Connection closed before the answer was whole.
    Closed,
    /// Lengths, chunks or header bytes that break the rules.
    Framing,
    /// Not HTTP at all.
    NotHttp,
    /// Head over the limits.
    HeadTooLarge,
    /// Body over the cap.
    BodyTooLarge,
    /// A content coding that was not asked for, is stacked, or does not decode.
    ContentCoding,
    /// HTTP/2 protocol error.
    Protocol,
    /// The run ended before the answer came.
    Interrupted,
    /// Anything else.
    Other,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Dns,
        Self::Refused,
        Self::ConnectTimeout,
        Self::Tls,
        Self::Exhausted,
        Self::HeaderTimeout,
        Self::TotalTimeout,
        Self::Reset,
        Self::Closed,
        Self::Framing,
        Self::NotHttp,
        Self::HeadTooLarge,
        Self::BodyTooLarge,
        Self::ContentCoding,
        Self::Protocol,
        Self::Interrupted,
        Self::Other,
    ];

    /// As records name it (`header-timeout`).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "refused",
            Self::ConnectTimeout => "connect-timeout",
            Self::Tls => "tls",
            Self::Exhausted => "exhausted",
            Self::HeaderTimeout => "header-timeout",
            Self::TotalTimeout => "total-timeout",
            Self::Reset => "reset",
            Self::Closed => "closed",
            Self::Framing => "framing",
            Self::NotHttp => "not-http",
            Self::HeadTooLarge => "head-too-large",
            Self::BodyTooLarge => "body-too-large",
            Self::ContentCoding => "content-coding",
            Self::Protocol => "protocol",
            Self::Interrupted => "interrupted",
            Self::Other => "other",
        }
    }

    /// Whether the answer took longer than the limits allow: the time until then counts as a latency.
    #[must_use]
    pub fn is_timeout(self) -> bool {
        matches!(self, Self::HeaderTimeout | Self::TotalTimeout)
    }
}

/// A request that has no complete answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Trouble {
    /// Why.
    pub cause: Cause,
    /// The cause in a line.
    pub detail: Cow<'static, str>,
    /// When it was sent; when the connection was asked for, where it never came to that.
    pub sent: Instant,
    /// When it ended.
    pub done: Instant,
    /// Whether the target may have seen the request, and so may have done what it asks for.
    pub reached: bool,
}

/// A cause and a line about it, before it is known whose request it was.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) cause: Cause,
    pub(super) detail: Cow<'static, str>,
}

impl Broken {
    pub(super) fn new(cause: Cause, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            cause,
            detail: detail.into(),
        }
    }

    /// Whether the connection was gone, as one that a server closed between two requests is.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self.cause, Cause::Closed | Cause::Reset)
    }

    /// What an error of the operating system means.
    pub(super) fn of_io(error: &io::Error) -> Self {
        use io::ErrorKind as K;
        let cause = match error.kind() {
            K::ConnectionRefused => Cause::Refused,
            K::TimedOut => Cause::ConnectTimeout,
            K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe => Cause::Reset,
            K::UnexpectedEof => Cause::Closed,
            K::InvalidData | K::InvalidInput => Cause::Framing,
            K::AddrNotAvailable | K::OutOfMemory => Cause::Exhausted,
            // EMFILE and ENFILE have no kind of their own.
            _ if matches!(error.raw_os_error(), Some(23 | 24)) => Cause::Exhausted,
            _ => Cause::Other,
        };
        Self::new(cause, error.to_string())
    }

    /// What an error of the HTTP stack means.
    pub(super) fn of_http(error: &hyper::Error) -> Self {
        let text = error.to_string();
        if error.is_parse_too_large() {
            let detail = "the response head is over the client's limits (100 fields, 400 kB)";
            return Self::new(Cause::HeadTooLarge, detail);
        }
        let mut source: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(cause) = source {
            if let Some(io) = cause.downcast_ref::<io::Error>() {
                return Self::of_io(io);
            }
            if cause.to_string().starts_with("http2 error") {
                return Self::new(Cause::Protocol, text);
            }
            source = cause.source();
        }
        let cause = if error.is_parse() && text.contains("version") {
            Cause::NotHttp
        } else if error.is_parse() || error.is_parse_status() {
            Cause::Framing
        } else if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
            Cause::Closed
        } else {
            Cause::Other
        };
        Self::new(cause, text)
    }
}
