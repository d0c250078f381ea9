//! A moment on which several machines have agreed, by their clocks.

use std::time::Duration;

use jiff::Timestamp;

/// Time until a moment; none where it is over.
pub(super) fn left(moment: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(moment.duration_since(now)).ok()
}

/// What is said while it is waited for.
pub(super) fn waiting(moment: Timestamp, left: Duration) -> String {
    let left = left.as_secs_f64();
    format!("ready; waiting {left:.1} s for the start at {moment:.3}")
}

/// Why there is nothing to wait for.
pub(super) fn late(moment: Timestamp, now: Timestamp) -> String {
    let late = now.duration_since(moment).as_secs_f64().max(0.0);
    format!(
        "it was ready {late:.1} s after the start at {moment:.3} that --start-at names; leave more time before it"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_waited_for_until_it_is_over() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(left(at(12), at(10)), Some(Duration::from_secs(2)));
        assert_eq!(left(at(10), at(10)), Some(Duration::ZERO));
        assert_eq!(left(at(9), at(10)), None);
        let said = late(at(0), at(3));
        assert!(
            said.contains("3.0 s after the start at 1970-01-01T00:00:00.000Z"),
            "{said}"
        );
        assert!(waiting(at(60), Duration::from_millis(1500)).contains("1.5 s"));
    }
}
