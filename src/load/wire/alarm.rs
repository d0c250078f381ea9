//! The time limits of a connection, with one timer that is seldom set.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::time::Sleep;

/// Wakes its connection at the deadline of the request under way. Its timer may stand earlier than
/// that and is then moved on, so that a request that ends in time never touches it.
pub(super) struct Alarm {
    sleep: Pin<Box<Sleep>>,
    set: Instant,
}

impl Alarm {
    pub(super) fn new(deadline: Instant) -> Self {
        Self {
            sleep: Box::pin(tokio::time::sleep_until(deadline.into())),
            set: deadline,
        }
    }

    /// Ready once the deadline has passed.
    pub(super) fn poll(&mut self, context: &mut Context<'_>, deadline: Instant) -> Poll<()> {
        if deadline < self.set {
            self.move_to(deadline);
        }
        while self.sleep.as_mut().poll(context).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            self.move_to(deadline);
        }
        Poll::Pending
    }

    fn move_to(&mut self, deadline: Instant) {
        self.sleep.as_mut().reset(deadline.into());
        self.set = deadline;
    }
}
