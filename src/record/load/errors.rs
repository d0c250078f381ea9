//! Errors of an operation, counted by kind, what was refused for a while, and what was answered wrongly.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What went wrong, by kind. A request is counted once in `count`, and once in one of the maps by
/// status and cause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Errors {
    /// Requests that did not end as the profile expects.
    pub count: u64,
    /// Complete answers that were not as expected, by status; an unparsable body has the status that it came with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_status: BTreeMap<u16, u64>,
    /// Of those, by the `scimType` of their body, where it has one that the RFCs define.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_scim_type: BTreeMap<String, u64>,
    /// Requests without a complete answer, by what happened to their connection (`header-timeout`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_cause: BTreeMap<String, u64>,
}

impl Errors {
    /// Adds those of another part of the run.
    pub fn merge(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        add(&mut self.by_status, &other.by_status);
        add(&mut self.by_scim_type, &other.by_scim_type);
        add(&mut self.by_cause, &other.by_cause);
    }
}

/// Tries that the target refused with a time to wait, where the profile obeys. They are no requests of their own:
/// a request is counted once, by its last answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Retries {
    /// Tries that were refused and made again.
    pub count: u64,
    /// Of those, by the status of the refusal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_status: BTreeMap<u16, u64>,
    /// Requests that waited for their turn when the run ended; they are not in the count of requests.
    #[serde(default)]
    pub waiting: u64,
}

impl Retries {
    /// Whether nothing was refused so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.waiting == 0
    }

    /// Adds those of another part of the run.
    pub fn merge(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.waiting = self.waiting.saturating_add(other.waiting);
        add(&mut self.by_status, &other.by_status);
    }
}

/// Answers that show something wrong of the target, by kind; those of the warm-up are in them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Wrongs {
    /// Reads after which an acknowledged write was still not there at the end of the run.
    pub lost_write: u64,
    /// Lists with one resource twice, or with more than there can be.
    pub duplicate: u64,
    /// Reads that did not show an acknowledged write, which was there later.
    pub stale_read: u64,
    /// Of the answers that were put to the full set of checks, those in breach of one that every target must keep.
    pub full_checks_failed: u64,
}

impl Wrongs {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Those that are wrong at every target; an older state is allowed to one that promises no more.
    #[must_use]
    pub fn certain(&self) -> u64 {
        let sum = self.lost_write.saturating_add(self.duplicate);
        sum.saturating_add(self.full_checks_failed)
    }

    /// Adds those of another part of the run.
    pub fn merge(&mut self, other: &Self) {
        self.each(other, u64::saturating_add);
    }

    /// What has come since an earlier moment.
    #[must_use]
    pub fn since(mut self, before: &Self) -> Self {
        self.each(before, u64::saturating_sub);
        self
    }

    fn each(&mut self, other: &Self, with: fn(u64, u64) -> u64) {
        for (to, from) in [
            (&mut self.lost_write, other.lost_write),
            (&mut self.duplicate, other.duplicate),
            (&mut self.stale_read, other.stale_read),
            (&mut self.full_checks_failed, other.full_checks_failed),
        ] {
            *to = with(*to, from);
        }
    }
}

/// Adds counts by key.
pub fn add<K: Ord + Clone>(to: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (key, count) in from {
        let sum = to.entry(key.clone()).or_default();
        *sum = sum.saturating_add(*count);
    }
}
