//! What the lines of a journal add up to.

use std::collections::{BTreeMap, HashMap};

use super::line::{Head, Line};
use super::sown::{Numbers, Seeding};

/// What became of a resource that is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It should be there.
    Live,
    /// A DELETE was answered with success.
    Deleted,
    /// It was not there any more.
    Gone,
    /// It can't be removed, and why.
    Leftover(String),
}

/// A create of which nobody knows whether it made something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// Number of the intent.
    pub n: u64,
    /// Endpoint (`/Users`).
    pub endpoint: String,
    /// Text by which the resource can be found; empty when unmarked.
    pub marker: String,
    /// Id that the answer claimed, without showing the marker.
    pub claimed: Option<String>,
}

/// Resources announced in bulk and found by a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Space {
    pub(super) endpoint: String,
    pub(super) prefix: String,
}

/// Endpoint and id.
pub(super) type Key = (String, String);

#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) head: Head,
    pub(super) complete: bool,
    pub(super) spaces: Vec<Space>,
    pub(super) seeding: Option<Seeding>,
    pub(super) numbers: Numbers,
    open: BTreeMap<u64, Unresolved>,
    fates: HashMap<Key, Fate>,
    order: Vec<Key>,
    last: u64,
}

impl Book {
    /// A book without lines.
    pub(super) fn of(head: Head) -> Self {
        Self {
            head,
            ..Self::default()
        }
    }

    /// Takes a line.
    pub(super) fn enter(&mut self, line: &Line) {
        match line.clone() {
            Line::Open { head, .. } => self.head = head,
            Line::Intent {
                n,
                endpoint,
                marker,
            } => {
                self.last = self.last.max(n);
                let claimed = None;
                let intent = Unresolved {
                    n,
                    endpoint,
                    marker,
                    claimed,
                };
                self.open.insert(n, intent);
            }
            Line::Created { n, id } => {
                if let Some(intent) = self.open.remove(&n) {
                    self.fate((intent.endpoint, id), Fate::Live);
                }
            }
            Line::Failed { n, .. } => {
                self.open.remove(&n);
            }
            Line::Unknown { n, claimed, .. } => {
                if let Some(intent) = self.open.get_mut(&n) {
                    intent.claimed = claimed;
                }
            }
            Line::Ids { endpoint, ids } => {
                for id in ids {
                    self.fate((endpoint.clone(), id), Fate::Live);
                }
            }
            Line::Space {
                endpoint, prefix, ..
            } => self.spaces.push(Space { endpoint, prefix }),
            Line::Swept { endpoint, prefix } => self
                .spaces
                .retain(|space| space.endpoint != endpoint || space.prefix != prefix),
            line @ (Line::Seeding(_) | Line::Sending { .. } | Line::Made { .. }) => self.sow(line),
            Line::Deleted { endpoint, id } => self.fate((endpoint, id), Fate::Deleted),
            Line::Gone { endpoint, id } => self.fate((endpoint, id), Fate::Gone),
            Line::Leftover {
                endpoint,
                id,
                reason,
            } => self.fate((endpoint, id), Fate::Leftover(reason)),
            Line::Complete => self.complete = true,
        }
    }

    pub(super) fn fate(&mut self, key: Key, fate: Fate) {
        if self.fates.insert(key.clone(), fate).is_none() {
            self.order.push(key);
        }
    }

    /// Whether nothing was announced or created, and nobody said that all is done.
    pub(super) fn is_blank(&self) -> bool {
        self.last == 0 && self.fates.is_empty() && self.spaces.is_empty() && !self.complete
    }

    /// Number for the next intent.
    pub(super) fn next(&self) -> u64 {
        self.last + 1
    }

    /// What became of a resource; none where it is not ours.
    pub(super) fn find(&self, endpoint: &str, id: &str) -> Option<&Fate> {
        self.fates.get(&(endpoint.to_owned(), id.to_owned()))
    }

    /// Creates without a known end.
    pub(super) fn unresolved(&self) -> Vec<Unresolved> {
        self.open.values().cloned().collect()
    }

    /// All resources that were ever ours, in the order of their creation.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = (&Key, &Fate)> {
        self.order
            .iter()
            .filter_map(|key| Some((key, self.fates.get(key)?)))
    }

    /// Whether something may still be in the target.
    pub(super) fn is_open(&self) -> bool {
        let standing = |fate: &Fate| matches!(fate, Fate::Live | Fate::Leftover(_));
        !self.complete
            && (!self.open.is_empty()
                || !self.spaces.is_empty()
                || self.fates.values().any(standing))
    }
}
