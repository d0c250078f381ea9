//! One request as the figures see it.

use std::time::{Duration, Instant};

use crate::load::wire::{Answer, Cause, Request, Trouble};
use crate::scim::error::ScimType;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As the profile expects.
    Good,
    /// With another status; the `scimType` that the body names.
    Status(Option<ScimType>),
    /// With the status that is expected and a body that is of no use.
    Body,
    /// Without a complete answer.
    Failed(Cause),
    /// Refused with a time to wait: one try of a request that is made again, and none of its own.
    Refused,
    /// Refused so, and the run ended within that time.
    Waiting,
}

/// One request: small, and free of what the target sent.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Index of its operation.
    pub operation: u16,
    /// How it ended.
    pub ending: Ending,
    /// Status; 0 without a complete answer.
    pub status: u16,
    /// From the start of the run to its end, in microseconds.
    pub done_us: u64,
    /// From the moment at which it was wanted to its end.
    pub response_us: u32,
    /// From the send to its end.
    pub service_us: u32,
    /// From the send to the whole head.
    pub headers_us: u32,
    /// From the moment at which it was wanted to the send.
    pub late_us: u32,
    /// Bytes of its answer's body.
    pub bytes_in: u32,
    /// Bytes of its own body.
    pub bytes_out: u32,
}

impl Sample {
    /// A request that was answered as expected; [`Sample::ended`] says otherwise. It was wanted at
    /// its ticket's time in an open model, when it was sent in a closed one.
    #[must_use]
    pub fn answered(
        operation: u16,
        start: Instant,
        wanted: Option<Instant>,
        request: &Request,
        answer: &Answer,
    ) -> Self {
        let at = answer.at;
        let wanted = wanted.unwrap_or(at.sent);
        Self {
            operation,
            ending: Ending::Good,
            status: answer.status,
            done_us: wide(at.done.saturating_duration_since(start)),
            response_us: micros(at.done.saturating_duration_since(wanted)),
            service_us: micros(at.done.saturating_duration_since(at.sent)),
            headers_us: micros(at.headers.saturating_duration_since(at.sent)),
            late_us: micros(at.sent.saturating_duration_since(wanted)),
            bytes_in: u32::try_from(answer.received).unwrap_or(u32::MAX),
            bytes_out: u32::try_from(request.length()).unwrap_or(u32::MAX),
        }
    }

    /// A request that has no complete answer.
    #[must_use]
    pub fn failed(
        operation: u16,
        start: Instant,
        wanted: Option<Instant>,
        request: &Request,
        trouble: &Trouble,
    ) -> Self {
        let wanted = wanted.unwrap_or(trouble.sent);
        Self {
            operation,
            ending: Ending::Failed(trouble.cause),
            status: 0,
            done_us: wide(trouble.done.saturating_duration_since(start)),
            response_us: micros(trouble.done.saturating_duration_since(wanted)),
            service_us: micros(trouble.done.saturating_duration_since(trouble.sent)),
            headers_us: 0,
            late_us: micros(trouble.sent.saturating_duration_since(wanted)),
            bytes_in: 0,
            bytes_out: u32::try_from(request.length()).unwrap_or(u32::MAX),
        }
    }

    /// The same with another ending.
    #[must_use]
    pub fn ended(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    /// The same as a later try: what was late is the first, which was sent so long after it was wanted.
    #[must_use]
    pub fn tried_before(mut self, first_late_us: Option<u32>) -> Self {
        self.late_us = first_late_us.unwrap_or(self.late_us);
        self
    }

    /// Whether it is the end of a request; else a try that is made again, or would have been.
    #[must_use]
    pub fn is_request(&self) -> bool {
        !matches!(self.ending, Ending::Refused | Ending::Waiting)
    }

    /// Whether it did not end as the profile expects.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.is_request() && self.ending != Ending::Good
    }

    /// From the start of the run to the moment at which it was wanted, in microseconds.
    #[must_use]
    pub fn wanted_us(&self) -> u64 {
        self.done_us.saturating_sub(u64::from(self.response_us))
    }
}

/// Microseconds, at most an hour.
fn micros(duration: Duration) -> u32 {
    u32::try_from(duration.as_micros())
        .unwrap_or(u32::MAX)
        .min(3_600_000_000)
}

fn wide(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
