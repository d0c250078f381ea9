//! A ceiling on the rate of all that a run sends.
//!
//! Whoever sends because an answer came, or because something has to be there first, waits for its turn. Requests of a
//! schedule take turns, too, and do not wait for them: the schedule is below the ceiling before it begins, and the wait
//! would be taken for the target's. They wait only where others have taken so many turns that the ceiling would not hold,
//! and how many had to is known.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Lets requests through at a rate at most, evenly.
#[derive(Debug)]
pub(super) struct Limit {
    apart: Duration,
    turns: Mutex<Option<Turns>>,
    /// Requests with a time of their own that had to wait.
    held: AtomicU64,
}

/// When the next request may be sent.
#[derive(Clone, Copy, Debug)]
struct Turns {
    /// With all that was sent.
    next: Instant,
    /// With nothing but what has a time of its own.
    own: Instant,
}

impl Limit {
    pub(super) fn new(rate: u32) -> Self {
        Self {
            apart: Duration::from_secs(1) / rate.max(1),
            turns: Mutex::new(None),
            held: AtomicU64::new(0),
        }
    }

    /// A part of the rate, where so many shards have it together.
    pub(super) fn among(mut self, shards: usize) -> Self {
        let shards = u32::try_from(shards).unwrap_or(u32::MAX);
        self.apart = self.apart.saturating_mul(shards);
        self
    }

    /// How many requests may go ahead of their turn where each has a time of its own: those of one second.
    const AHEAD: Duration = Duration::from_secs(1);

    /// How long to wait before the next request.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let Turns { next, own } = turns.unwrap_or(Turns {
            next: now,
            own: now,
        });
        let at = next.max(now);
        *turns = Some(Turns {
            next: at + self.apart,
            own,
        });
        at - now
    }

    /// How long to wait with a request that has a time of its own, below the ceiling as the whole
    /// schedule is: not at all, unless so many others have taken its turn that it would go over.
    pub(super) fn pass(&self, now: Instant) -> Duration {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let Turns { next, own } = turns.unwrap_or(Turns {
            next: now,
            own: now,
        });
        let (at, own) = (next.max(now), own.max(now));
        let others = at.saturating_duration_since(own);
        let wait = (at - now).saturating_sub(Self::AHEAD).min(others);
        // Those that come all at once after a delay are no more in all than was planned.
        let own = (own + self.apart).min(now + Self::AHEAD);
        *turns = Some(Turns {
            next: own + others,
            own,
        });
        if !wait.is_zero() {
            self.held.fetch_add(1, Ordering::Relaxed);
        }
        wait
    }

    /// How long so many requests take at least.
    pub(super) fn takes(&self, requests: usize) -> Duration {
        self.apart
            .saturating_mul(u32::try_from(requests).unwrap_or(u32::MAX))
    }

    /// How many requests with a time of their own had to wait.
    pub(super) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_kept_apart_and_time_that_passed_is_not_made_up_for() {
        let limit = Limit::new(10);
        let now = Instant::now();
        let waits: Vec<_> = (0..3).map(|_| limit.wait(now).as_millis()).collect();
        assert_eq!(waits, [0, 100, 200]);
        let later = now + Duration::from_secs(60);
        assert_eq!(limit.wait(later).as_millis(), 0);
        assert_eq!(limit.wait(later).as_millis(), 100);
        assert_eq!(limit.takes(50), Duration::from_secs(5));
        let part = Limit::new(10).among(4);
        let waits: Vec<_> = (0..3).map(|_| part.wait(now).as_millis()).collect();
        assert_eq!(waits, [0, 400, 800]);
    }

    #[test]
    fn what_has_a_time_of_its_own_waits_only_for_what_came_between() {
        let limit = Limit::new(10);
        let begin = Instant::now();
        let at = |ms| begin + Duration::from_millis(ms);
        // After a stall all that was planned may go at once.
        assert!((0..100).all(|_| limit.pass(begin).is_zero()));
        assert_eq!(limit.held(), 0);
        // What is sent again has to wait for a turn that nobody else has.
        assert_eq!(limit.wait(begin).as_millis(), 1000);
        assert_eq!(limit.pass(begin).as_millis(), 100);
        assert_eq!(limit.held(), 1);
        assert_eq!(limit.pass(at(5000)).as_millis(), 0);
        // Half of the requests are sent again: in the long run no more than ten a second.
        let limit = Limit::new(10);
        let mut waits = 0;
        let mut later = Vec::new();
        for n in 0_u64..100 {
            let now = at(n * 100);
            let wait = limit.pass(now).as_millis();
            waits += wait;
            later.push(u128::from(n) * 100 + wait);
            if n % 2 == 0 {
                later.push(u128::from(n) * 100 + limit.wait(now).as_millis());
            }
        }
        let sent = later.iter().filter(|at| **at < 10_000).count();
        // A second's worth ahead of its turn, and nothing of the ceiling left unused.
        assert!((100..=110).contains(&sent) && waits > 0, "{sent} {waits}");
    }
}
