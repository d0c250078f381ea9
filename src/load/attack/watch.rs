//! What is watched second by second: progress and errors.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::record::load::Second;

/// Seconds over which errors are looked at before the run is given up.
const PATIENCE: usize = 10;

/// What is true at one moment, for a line of progress.
#[derive(Clone, Copy, Debug)]
pub struct Glimpse {
    /// The last second.
    pub second: Second,
    /// Requests so far, the warm-up included.
    pub requests: u64,
    /// Of those, errors.
    pub errors: u64,
    /// Time until the end, where nothing stops it before.
    pub left: Duration,
}

/// Who is told how it goes.
pub trait Progress: Send + Sync {
    /// The pool is being filled, or users are being launched.
    fn phase(&self, what: &str);
    /// A second is over.
    fn second(&self, glimpse: &Glimpse);
}

/// Errors of the last seconds.
#[derive(Debug, Default)]
pub(super) struct Errors {
    last: VecDeque<(u64, u64)>,
}

impl Errors {
    /// Takes a second; says whether more than half of the requests have failed for long enough.
    pub(super) fn take(&mut self, second: &Second) -> bool {
        self.last.push_back((second.count, second.errors));
        if self.last.len() > PATIENCE {
            self.last.pop_front();
        }
        let (count, errors) = self
            .last
            .iter()
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        self.last.len() == PATIENCE && count > 0 && errors * 2 > count
    }
}

/// Time until an end.
pub(super) fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_given_up_when_half_of_it_fails_for_ten_seconds() {
        let second = |count, errors| Second {
            count,
            errors,
            ..Second::default()
        };
        let mut errors = Errors::default();
        let given_up: Vec<bool> = (0..12).map(|_| errors.take(&second(10, 6))).collect();
        assert_eq!(given_up.iter().position(|it| *it), Some(9));
        let mut errors = Errors::default();
        assert!(!(0..20).any(|_| errors.take(&second(10, 5))));
        let mut errors = Errors::default();
        assert!(!(0..20).any(|_| errors.take(&second(0, 0))));
    }
}
