//! How fast requests may leave, and how long a throttling server is waited for.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::clock::Clock;

/// Requests a second that a remote target gets unless told otherwise.
pub const REMOTE_RPS: u32 = 25;

/// A token bucket that holds one second's worth; real time always.
#[derive(Debug)]
pub(super) struct Bucket {
    interval: Duration,
    burst: Duration,
    full_at: Mutex<Option<Instant>>,
}

impl Bucket {
    /// A bucket for so many requests a second; none where the rate is zero.
    pub(super) fn of(rate: u32) -> Option<Self> {
        (rate > 0).then(|| Self {
            interval: Duration::from_secs(1) / rate,
            burst: Duration::from_secs(1),
            full_at: Mutex::new(None),
        })
    }

    /// Waits for a turn.
    pub(super) async fn take(&self) {
        let wait = self.reserve(Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Waits until so many turns come at once. Takes none of them.
    pub(super) async fn gather(&self, turns: u32) {
        let wait = self.shortage(turns, Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// How long it takes until so many turns are there; as many as the bucket holds, where that is less.
    fn shortage(&self, turns: u32, now: Instant) -> Duration {
        let full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let owed = full_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let wanted = (self.interval * turns).min(self.burst);
        (owed + wanted).saturating_sub(self.burst)
    }

    /// Reserves the next turn: how long to wait for it.
    fn reserve(&self, now: Instant) -> Duration {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = full_at.map_or(now, |at| at.max(now));
        let next = filled + self.interval;
        *full_at = Some(next);
        next.saturating_duration_since(now)
            .saturating_sub(self.burst)
    }
}

/// Holds all requests while a server asks for patience, within a budget for the whole run.
#[derive(Debug)]
pub(super) struct Gate {
    clock: Clock,
    budget: Duration,
    state: Mutex<GateState>,
}

#[derive(Debug, Default)]
struct GateState {
    closed_until: Option<Timestamp>,
    spent: Duration,
}

impl Gate {
    pub(super) fn new(clock: Clock, budget: Duration) -> Self {
        Self {
            clock,
            budget,
            state: Mutex::default(),
        }
    }

    /// Waits until the gate is open.
    pub(super) async fn pass(&self) {
        loop {
            let until = self.lock().closed_until;
            let now = self.clock.now();
            match until.filter(|until| *until > now) {
                Some(until) => {
                    let left = until.duration_since(now).unsigned_abs();
                    self.clock.sleep(left).await;
                }
                None => return,
            }
        }
    }

    /// Closes the gate for a while. False where that would go beyond the budget.
    pub(super) fn close(&self, delay: Duration) -> bool {
        let now = self.clock.now();
        let mut state = self.lock();
        let from = state.closed_until.map_or(now, |until| until.max(now));
        let until = now + delay.min(Duration::from_secs(86_400));
        let more = if until > from {
            until.duration_since(from).unsigned_abs()
        } else {
            Duration::ZERO
        };
        if state.spent + more > self.budget || delay > self.budget {
            return false;
        }
        state.spent += more;
        state.closed_until = Some(until.max(from));
        true
    }

    /// How long requests were held in all.
    pub(super) fn spent(&self) -> Duration {
        self.lock().spent
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, GateState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a `Retry-After` field asks for (RFC 9110 §10.2.3): seconds or a date. None where it is
/// absent or neither.
pub(super) fn retry_after(value: Option<&str>, now: Timestamp) -> Option<Duration> {
    let value = value?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX / 4)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let at = Timestamp::try_from(date).ok()?;
    Some(if at > now {
        at.duration_since(now).unsigned_abs()
    } else {
        Duration::ZERO
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_leaves_at_once_and_the_rest_in_step() {
        let bucket = Bucket::of(10).unwrap();
        let now = Instant::now();
        let waits: Vec<_> = (0..12).map(|_| bucket.reserve(now).as_millis()).collect();
        assert!(waits[..10].iter().all(|wait| *wait == 0), "{waits:?}");
        assert_eq!(waits[10..], [100, 200]);
        assert!(Bucket::of(0).is_none());
    }

    #[test]
    fn rivals_wait_until_all_of_them_can_leave() {
        let bucket = Bucket::of(10).unwrap();
        let now = Instant::now();
        assert_eq!(bucket.shortage(4, now), Duration::ZERO);
        for _ in 0..8 {
            bucket.reserve(now);
        }
        let wait = bucket.shortage(4, now);
        assert_eq!(wait.as_millis(), 200);
        let later = now + wait;
        assert!((0..4).all(|_| bucket.reserve(later).is_zero()));
        // More than the bucket holds can't leave at once.
        let whole = bucket.shortage(99, later);
        assert_eq!(whole, bucket.shortage(10, later));
    }

    #[tokio::test]
    async fn a_closed_gate_holds_on_its_clock_and_keeps_a_budget() {
        let gate = Gate::new(Clock::virtual_now(), Duration::from_secs(60));
        let real = Instant::now();
        assert!(gate.close(Duration::from_secs(40)));
        assert!(
            gate.close(Duration::from_secs(40)),
            "waits at the same time count once"
        );
        gate.pass().await;
        assert!(!gate.close(Duration::from_secs(40)));
        assert!(!gate.close(Duration::from_secs(86_400)));
        assert!(real.elapsed() < Duration::from_secs(20));
        assert!(gate.spent() >= Duration::from_secs(40));
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = Timestamp::from_second(784_111_777).unwrap();
        let check = |value: &str, expected: Option<u64>| {
            let delay = retry_after(Some(value), now);
            assert_eq!(delay.map(|delay| delay.as_secs()), expected, "{value}");
        };
        check("3", Some(3));
        check(" 0 ", Some(0));
        check("Sun, 06 Nov 1994 08:49:47 GMT", Some(10));
        check("Tue, 06 Nov 1990 08:49:47 GMT", Some(0));
        check("-1", None);
        check("soon", None);
        check("1.5", None);
        assert!(retry_after(Some(&"9".repeat(40)), now).unwrap() > Duration::from_secs(86_400));
        assert_eq!(retry_after(None, now), None);
    }
}
