//! Asks again, after the run and before anything is removed, what reads did not show while it went on.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;

use super::field::Field;
use super::seen::{Answer, Doubt};
use crate::exchange::Exchange;
use crate::scim::list::ListView;
use crate::session::Call;

/// Questions at the same time.
const JOBS: usize = 8;

/// How long a target may take to show what it has acknowledged.
const WINDOW: Duration = Duration::from_secs(2);

/// Pause before what is still missing is asked for once more.
const PAUSE: Duration = Duration::from_millis(200);

/// Time for all questions.
const BUDGET: Duration = Duration::from_secs(15);

impl Field {
    /// Finds out which reads showed an older state, and which did not show what was never there again.
    pub(super) async fn ask_again(&self) {
        let doubts = self.seen().doubts();
        let begun = Instant::now();
        let asked = futures_util::stream::iter(doubts)
            .for_each_concurrent(JOBS, |(target, doubt)| self.ask(target, doubt, begun));
        // Whatever has no answer by then stays what it was taken for.
        let _ = tokio::time::timeout(BUDGET, asked).await;
    }

    async fn ask(&self, target: String, doubt: Doubt, begun: Instant) {
        loop {
            let exchange = self.tools.session.send(self.question(&target)).await;
            let answer = answer(&exchange, doubt.total);
            if answer == Answer::Missing && begun.elapsed() < WINDOW {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            return self.settle_doubt(&doubt, answer);
        }
    }

    fn question(&self, target: &str) -> Call {
        let base = self.tools.base_path.as_str();
        let below = target.strip_prefix(base).unwrap_or(target);
        let (path, query) = below.split_once('?').unwrap_or((below, ""));
        Call {
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            ..Call::read("load", "again", path)
        }
    }
}

/// What an answer says of a resource, or of so many.
fn answer(exchange: &Exchange, total: Option<u64>) -> Answer {
    let there = |is: bool| if is { Answer::There } else { Answer::Missing };
    match (exchange.status(), total) {
        (Some(404 | 410), None) => Answer::Missing,
        (Some(200..=299), None) => Answer::There,
        (Some(200..=299), Some(wanted)) => {
            let list = exchange.json().and_then(ListView::read);
            let total = list.and_then(|list| list.total_results);
            total.map_or(Answer::Unknown, |total| there(total >= wanted))
        }
        _ => Answer::Unknown,
    }
}
