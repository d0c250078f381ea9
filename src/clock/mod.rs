//! The time that the harness and the embedded provider share.
//!
//! Rules what SCIM can see: `wait`, `until`, `Retry-After`, token and cursor expiry, `lastModified`.
//! It never rules transport limits, pacing or races: those are real time always.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// A source of the present moment. Clones share their state.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock; [`Clock::sleep`] really sleeps.
    #[default]
    System,
    /// The machine's clock plus an offset that sleeping advances, so that nobody waits.
    Virtual(Arc<AtomicU64>),
}

impl Clock {
    /// A virtual clock that starts at the present moment.
    #[must_use]
    pub fn virtual_now() -> Self {
        Self::Virtual(Arc::new(AtomicU64::new(0)))
    }

    /// The present moment on this clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Virtual(offset) => {
                Timestamp::now() + Duration::from_micros(offset.load(Ordering::SeqCst))
            }
        }
    }

    /// Waits: really on the system clock, by moving the clock forward on a virtual one.
    #[cfg(feature = "net")]
    pub async fn sleep(&self, duration: Duration) {
        match self {
            Self::System => tokio::time::sleep(duration).await,
            Self::Virtual(offset) => {
                let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
                offset.fetch_add(micros, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_virtual_sleep_moves_the_shared_clock_and_costs_no_time() {
        let clock = Clock::virtual_now();
        let twin = clock.clone();
        let (before, real) = (twin.now(), std::time::Instant::now());
        clock.sleep(Duration::from_secs(3600)).await;
        assert!(twin.now().duration_since(before).as_secs() >= 3600);
        assert!(real.elapsed() < Duration::from_secs(60));
    }
}
