//! Who creates a user that is just being created is refused, and the user stored all the same.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::meeting::Meeting;
use super::wanted::wanted;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A create that comes while another of the same userName is under way answers 409, and both are stored",
        RefusedCreatesAreStored::default(),
    )
}

#[derive(Default)]
struct RefusedCreatesAreStored {
    meeting: Meeting,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Names of users who are stored.
    stored: HashSet<String>,
    /// How many users of a name are just being created.
    coming: HashMap<String, u32>,
}

impl RefusedCreatesAreStored {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault for RefusedCreatesAreStored {
    fn name(&self) -> &'static str {
        "refused-creates-are-stored"
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        Some(Box::pin(self.meeting.of(wanted(plan)?)))
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        let Some(name) = wanted(plan) else { return };
        let mut state = self.state();
        if !state.stored.contains(&name) {
            commit.rules.unique = Unique::Ignored;
        }
        *state.coming.entry(name).or_default() += 1;
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let mut state = self.state();
        if let (Some(before), None) = (&committed.before, &committed.after) {
            let name = before.text("userName").map(str::to_lowercase);
            state.stored.remove(&name.unwrap_or_default());
        }
        let Some(name) = wanted(plan) else { return };
        if let Some(count) = state.coming.get_mut(&name) {
            *count -= 1;
            if *count > 0 {
                // Another is still under way: this one takes it for the first.
                committed.problem = Some(Problem::uniqueness("the user is just being created"));
            } else {
                state.coming.remove(&name);
            }
        }
        state.stored.insert(name);
    }
}
