//! The end of a load: what is due is still sent, and what was sent is waited for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::field::Field;
use super::watch::Progress;
use crate::load::health::Crowd;
use crate::load::pacer::Desk;
use crate::record::load::Errors;

/// How long tickets that are due at the end may wait for a user.
const DRAIN: Duration = Duration::from_secs(2);

/// How long requests under way are waited for where somebody asked for the end.
const GRACE: Duration = Duration::from_secs(5);

/// How long a wait is before it is spoken of.
const SPOKEN: Duration = Duration::from_secs(1);

/// Looks at users while requests are due that none of them has taken.
#[derive(Debug, Default)]
pub(super) struct Looks {
    all: AtomicU64,
    waiting: AtomicU64,
}

impl Looks {
    /// To be called again and again, at even distances.
    pub(super) fn look(&self, field: &Field, desk: Option<&Desk>) {
        if desk.is_some_and(|desk| desk.waiting() > 0) {
            self.all.fetch_add(1, Ordering::Relaxed);
            // One may just have its answer in hand.
            let busy = field.in_flight.load(Ordering::Relaxed);
            if busy.saturating_mul(10) >= field.users as u64 * 9 {
                self.waiting.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// What was seen.
    pub(super) fn crowd(&self, field: &Field) -> Crowd {
        Crowd {
            users: field.users as u64,
            looks: self.all.load(Ordering::Relaxed),
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }
}

/// Lets users take the tickets that were due before the end.
pub(super) async fn drain(field: &Field, desk: Option<&Desk>, looks: &Looks) {
    let until = Instant::now() + DRAIN;
    while desk.is_some_and(|desk| desk.waiting() > 0)
        && Instant::now() < until
        && !field.stop.is_asked()
    {
        looks.look(field, desk);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits for requests under way, as long as the user lets them take: an answer that is slow counts as that, and one that
/// never comes as a timeout. Only who wants the end at once gets it sooner; what is cut off then is no error of the target.
pub(super) async fn settle(field: &Field, progress: &dyn Progress) {
    let begun = Instant::now();
    let mut until = begun + field.endpoint.patience() + GRACE;
    let (mut spoken, mut hurried) = (false, false);
    loop {
        let under_way = field.in_flight.load(Ordering::Relaxed);
        let now = Instant::now();
        if under_way == 0 || now >= until {
            break;
        }
        if !hurried && field.stop.is_hurried() {
            hurried = true;
            until = until.min(now + GRACE);
        }
        if !spoken && now >= begun + SPOKEN {
            spoken = true;
            progress.phase(&format!("waiting for {under_way} answers"));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    field.cut.cancel();
}

/// Why a run is given up in which too much has failed, with what came instead since its start.
pub(super) fn failed(errors: &Errors) -> String {
    let statuses = errors.by_status.iter();
    let statuses = statuses.map(|(status, count)| format!("{count} × status {status}"));
    let causes = errors.by_cause.iter();
    let causes = causes.map(|(cause, count)| format!("{count} × {cause}"));
    let all: Vec<String> = statuses.chain(causes).collect();
    format!(
        "more than half of the requests failed for ten seconds: {} since the start",
        all.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_given_up_says_what_came() {
        let errors = Errors {
            count: 244,
            by_status: [(500, 241)].into(),
            by_cause: [("reset".to_owned(), 3)].into(),
            ..Errors::default()
        };
        assert!(
            failed(&errors).ends_with(": 241 × status 500, 3 × reset since the start"),
            "{}",
            failed(&errors)
        );
    }
}
