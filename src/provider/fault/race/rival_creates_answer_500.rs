//! A conflict with a create that is under way comes out of the database as an error that nobody expects.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::meeting::Meeting;
use super::wanted::wanted;
use crate::provider::apply::Applied;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A create that comes while another of the same userName is under way answers 500",
        RivalCreatesAnswer500::default(),
    )
}

#[derive(Default)]
struct RivalCreatesAnswer500 {
    meeting: Meeting,
    /// Names of users who are just being created.
    coming: Mutex<HashSet<String>>,
}

impl RivalCreatesAnswer500 {
    fn coming(&self) -> MutexGuard<'_, HashSet<String>> {
        self.coming.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault for RivalCreatesAnswer500 {
    fn name(&self) -> &'static str {
        "rival-creates-answer-500"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if wanted(plan).is_some_and(|name| self.coming().contains(&name)) {
            applied.after = None;
            applied.problem = Some(Problem::new(500, "duplicate key value"));
        }
    }

    fn committing(&self, plan: &Plan, _commit: &mut Commit) {
        if let Some(name) = wanted(plan) {
            self.coming().insert(name);
        }
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        Some(Box::pin(self.meeting.of(wanted(plan)?)))
    }

    fn committed(&self, plan: &Plan, _committed: &mut Committed) {
        if let Some(name) = wanted(plan) {
            self.coming().remove(&name);
        }
    }
}
