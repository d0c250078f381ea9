//! A change that meets another is refused, and readers have seen it by then.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::meeting::Meeting;
use crate::provider::apply::Applied;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::select::Selection;
use crate::provider::store::Resource;

/// How long readers see it.
const MOMENT: Duration = Duration::from_millis(20);

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two changes at once: the second is refused, and reads show it for a moment",
        RefusedValuesAreRead::default(),
    )
}

#[derive(Default)]
struct RefusedValuesAreRead {
    meeting: Meeting,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Resources that are just being changed.
    changing: HashSet<String>,
    /// Resources as refused changes would have left them.
    refused: HashMap<String, (Instant, Arc<Resource>)>,
}

impl Fault for RefusedValuesAreRead {
    fn name(&self) -> &'static str {
        "refused-values-are-read"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let Action::Patch(_, id, _) = &plan.action else {
            return;
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.changing.contains(id)
            && let Some(after) = applied.after.take()
        {
            let refused = (Instant::now(), Arc::new(after));
            state.refused.insert(id.clone(), refused);
            applied.problem = Some(Problem::new(409, "somebody else changes the resource"));
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

    fn committed(&self, plan: &Plan, _committed: &mut Committed) {
        if let Action::Patch(_, id, _) = &plan.action {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.changing.remove(id);
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::Read(_, id) = &plan.action else {
            return;
        };
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, refused)) = state.refused.get(id)
            && at.elapsed() < MOMENT
            && !selection.resources.is_empty()
        {
            selection.resources = vec![Arc::clone(refused)];
        }
    }
}
