//! Where rivals meet: the first waits for the second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// How long the first waits.
const PATIENCE: Duration = Duration::from_millis(20);

/// Who waits, by what they are rivals for.
#[derive(Default)]
pub(super) struct Meeting(Mutex<HashMap<String, Arc<Notify>>>);

impl Meeting {
    /// Waits for a rival, or lets the one go on who waits; the one who comes second goes first.
    pub(super) async fn of(&self, key: String) {
        let mine = Arc::new(Notify::new());
        let rival = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let rival = waiting.remove(&key);
            if rival.is_none() {
                waiting.insert(key.clone(), Arc::clone(&mine));
            }
            rival
        };
        if let Some(rival) = rival {
            rival.notify_one();
            return;
        }
        let _ = tokio::time::timeout(PATIENCE, mine.notified()).await;
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting
            .get(&key)
            .is_some_and(|other| Arc::ptr_eq(other, &mine))
        {
            waiting.remove(&key);
        }
    }
}
