//! The wish to stop a run: from a signal, a lost target, a deadline, a first failure.
//!
//! Only says so; who sends and who schedules look at it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::outcome::Reason;

/// How long exchanges may go on after the stop.
pub const GRACE: Duration = Duration::from_secs(5);

/// A wish to stop. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    /// Start nothing new.
    token: CancellationToken,
    reasons: Arc<Mutex<Vec<Reason>>>,
    why: Arc<Mutex<Option<String>>>,
}

impl Stop {
    /// Asks to stop; the first wish names the reason that skipped cases show.
    pub fn ask(&self, reason: Option<Reason>, why: &str) {
        if let Some(reason) = reason {
            self.note(reason);
        }
        self.why
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| why.to_owned());
        self.token.cancel();
    }

    /// Notes a reason without stopping.
    pub fn note(&self, reason: Reason) {
        let mut reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }

    /// Whether nothing new may start.
    pub fn is_asked(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Why, in words.
    pub fn why(&self) -> String {
        let why = self.why.lock().unwrap_or_else(PoisonError::into_inner);
        why.clone()
            .unwrap_or_else(|| "the run was stopped".to_owned())
    }

    /// Reasons that were met.
    pub fn reasons(&self) -> Vec<Reason> {
        let reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.clone()
    }

    /// Whether a signal stopped the run.
    pub fn interrupted(&self) -> bool {
        self.reasons()
            .iter()
            .any(|reason| matches!(reason, Reason::Interrupted | Reason::Terminated))
    }

    /// Ends when the stop is asked.
    pub async fn asked(&self) {
        self.token.cancelled().await;
    }

    /// Ends when exchanges that are under way have had their time after the stop.
    pub async fn overdue(&self) {
        self.token.cancelled().await;
        tokio::time::sleep(GRACE).await;
    }
}
