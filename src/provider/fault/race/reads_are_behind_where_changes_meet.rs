//! Where two changes meet, reads go for a moment to a copy that has followed neither.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::meeting::Meeting;
use crate::provider::apply::Applied;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;
use crate::provider::store::Resource;

/// How long readers are behind.
const MOMENT: Duration = Duration::from_millis(30);

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two changes at once: for a moment reads by id show the resource as it was before both",
        ReadsAreBehindWhereChangesMeet::default(),
    )
}

#[derive(Default)]
struct ReadsAreBehindWhereChangesMeet {
    meeting: Meeting,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Resources that are just being changed.
    changing: HashSet<String>,
    /// Those of them that somebody else changes, too.
    met: HashSet<String>,
    /// Resources as they were before both.
    behind: HashMap<String, (Instant, Arc<Resource>)>,
}

impl Fault for ReadsAreBehindWhereChangesMeet {
    fn name(&self) -> &'static str {
        "reads-are-behind-where-changes-meet"
    }

    fn applied(&self, plan: &Plan, _applied: &mut Applied) {
        if let Action::Patch(_, id, _) = &plan.action {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.changing.contains(id) {
                state.met.insert(id.clone());
            }
        }
    }

    fn committing(&self, plan: &Plan, _commit: &mut Commit) {
        if let Action::Patch(_, id, _) = &plan.action {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.changing.insert(id.clone());
        }
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        match &plan.action {
            Action::Patch(_, id, _) => Some(Box::pin(self.meeting.of(id.clone()))),
            _ => None,
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let Action::Patch(_, id, _) = &plan.action else {
            return;
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.changing.remove(id);
        if let (Some(before), true) = (&committed.before, state.met.remove(id)) {
            let behind = (Instant::now(), Arc::clone(before));
            state.behind.insert(id.clone(), behind);
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::Read(_, id) = &plan.action else {
            return;
        };
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, before)) = state.behind.get(id)
            && at.elapsed() < MOMENT
            && !selection.resources.is_empty()
        {
            selection.resources = vec![Arc::clone(before)];
        }
    }
}
