//! A cursor holds how many resources were passed: when one of those goes, the next is skipped.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A walk by cursors skips as many resources as were deleted behind it",
        CursorsCountFromTheStart::default(),
    )
}

#[derive(Default)]
struct CursorsCountFromTheStart(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    /// Places in the order of creation that were deleted.
    deleted: Vec<u64>,
    /// How many of these a walk has taken into account, by its query.
    walks: HashMap<u64, usize>,
}

impl Fault for CursorsCountFromTheStart {
    fn name(&self) -> &'static str {
        "cursors-count-from-the-start"
    }

    fn committed(&self, _plan: &Plan, committed: &mut Committed) {
        if let (Some(before), None, None) =
            (&committed.before, &committed.after, &committed.problem)
        {
            let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            seen.deleted.push(before.sequence);
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::List(_, query) = &plan.action else {
            return;
        };
        let Some(walk) = &query.walk else { return };
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = &mut *seen;
        let known = seen.walks.entry(walk.query).or_insert(seen.deleted.len());
        if walk.place.is_none() {
            *known = seen.deleted.len();
        }
        let first = selection.resources.first().map(|it| it.sequence);
        let new = seen.deleted.iter().skip(*known);
        let behind = new.filter(|place| first.is_some_and(|first| **place < first));
        let skipped = behind.count().min(selection.resources.len());
        *known = seen.deleted.len();
        selection.resources.drain(..skipped);
    }
}
