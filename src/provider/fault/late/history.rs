//! What resources were before their latest changes, for as long as a late reader sees that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::provider::commit::Committed;
use crate::provider::plan::Plan;
use crate::provider::store::Resource;

/// How late readers are, on the clock of the provider.
pub(super) const LATE: SignedDuration = SignedDuration::from_secs(10);

/// When a resource changed, and what it was until then.
type Change = (Timestamp, Arc<Resource>);

/// Changed and deleted resources by id, the earliest change first.
pub(super) struct History {
    late: SignedDuration,
    changes: Mutex<HashMap<String, Vec<Change>>>,
}

impl Default for History {
    fn default() -> Self {
        Self::of(LATE)
    }
}

impl History {
    /// One whose readers are as late as this.
    pub(super) fn of(late: SignedDuration) -> Self {
        Self {
            late,
            changes: Mutex::default(),
        }
    }

    /// Notes what was done.
    pub(super) fn follow(&self, plan: &Plan, committed: &Committed) {
        if let (None, Some(before)) = (&committed.problem, &committed.before) {
            let mut changes = self.lock();
            let changes = changes.entry(before.id.to_string()).or_default();
            changes.retain(|(at, _)| self.is_fresh(*at, plan.now));
            changes.push((plan.now, Arc::clone(before)));
        }
    }

    /// What a late reader takes a resource for, where it has changed of late.
    pub(super) fn earlier(&self, id: &str, now: Timestamp) -> Option<Arc<Resource>> {
        let changes = self.lock();
        let mut fresh = changes
            .get(id)?
            .iter()
            .filter(|(at, _)| self.is_fresh(*at, now));
        fresh.next().map(|(_, before)| Arc::clone(before))
    }

    /// All that a late reader takes for something else than it is.
    pub(super) fn all(&self, now: Timestamp) -> Vec<Arc<Resource>> {
        let ids: Vec<String> = self.lock().keys().cloned().collect();
        ids.iter().filter_map(|id| self.earlier(id, now)).collect()
    }

    fn is_fresh(&self, at: Timestamp, now: Timestamp) -> bool {
        now.duration_since(at) < self.late
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Change>>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether what happened then has not reached late readers by now.
pub(super) fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) < LATE
}
