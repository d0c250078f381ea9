//! Cursors of pages (RFC 9865 §2): what each one stands for, and until when.
//!
//! A cursor is a random name; what it means stays here, so that nothing can be read out of it or made
//! up. Knows nothing of HTTP.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::authenticate::Principal;
use super::filter::SortKey;
use super::identity;

/// How many cursors are remembered, usable and expired ones.
const REMEMBERED: usize = 100_000;

/// What a cursor stands for.
#[derive(Clone, Debug)]
pub struct Cursor {
    /// Which query it belongs to.
    pub query: u64,
    /// The `count` of that query.
    pub count: usize,
    /// Who asked.
    pub principal: Principal,
    /// Where its page lies.
    pub place: Place,
    /// When it was handed out.
    pub issued: Timestamp,
    /// When it can no longer be used.
    pub expires: Timestamp,
}

/// Where a page lies in the order of the result.
#[derive(Clone, Debug)]
pub enum Place {
    /// Right behind a resource.
    After(Position),
    /// Right before one.
    Before(Position),
}

/// A resource's place in the order: of its sort key, then of its creation. It stays a place when the
/// resource itself is gone.
#[derive(Clone, Debug)]
pub struct Position {
    /// The value that the result is sorted by.
    pub(in crate::provider) key: SortKey,
    /// Number of the resource in the order of creation.
    pub(in crate::provider) sequence: u64,
}

/// The cursors that were handed out.
#[derive(Default)]
pub(super) struct Cursors {
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    known: HashMap<Arc<str>, Cursor>,
    /// Oldest first.
    order: VecDeque<Arc<str>>,
}

impl Cursors {
    /// Names a cursor: unreserved characters only (RFC 3986 §2.3).
    pub(super) fn issue(&self, cursor: Cursor) -> String {
        let name = identity::fresh();
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let key: Arc<str> = name.as_str().into();
        table.order.push_back(Arc::clone(&key));
        table.known.insert(key, cursor);
        if table.order.len() > REMEMBERED
            && let Some(oldest) = table.order.pop_front()
        {
            table.known.remove(&oldest);
        }
        name
    }

    /// What a name stands for; none where it was never given, or is forgotten.
    pub(super) fn find(&self, name: &str) -> Option<Cursor> {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.known.get(name).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_known_by_its_whole_name_until_it_is_forgotten() {
        let cursors = Cursors::default();
        let cursor = |sequence| Cursor {
            query: 1,
            count: 2,
            principal: Principal::Main,
            place: Place::After(Position {
                key: SortKey::Missing,
                sequence,
            }),
            issued: Timestamp::UNIX_EPOCH,
            expires: Timestamp::UNIX_EPOCH,
        };
        let first = cursors.issue(cursor(1));
        assert!(
            first
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c))
        );
        assert!(cursors.find(&first).is_some());
        assert!(cursors.find(&first[1..]).is_none());
        for sequence in 0..REMEMBERED as u64 {
            cursors.issue(cursor(sequence));
        }
        assert!(cursors.find(&first).is_none());
    }
}
