//! The name of a user is reserved before the user is stored, and stays so when the client goes away between.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::wanted::wanted;
use crate::provider::apply::Applied;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

/// How long the name is reserved before the user is stored.
const BETWEEN: Duration = Duration::from_millis(20);

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A create whose client went away before the answer stores nobody, and its userName stays taken",
        BrokenOffCreatesKeepTheirName::default(),
    )
}

#[derive(Default)]
struct BrokenOffCreatesKeepTheirName(Mutex<HashSet<String>>);

impl BrokenOffCreatesKeepTheirName {
    fn reserved(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault for BrokenOffCreatesKeepTheirName {
    fn name(&self) -> &'static str {
        "broken-off-creates-keep-their-name"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if wanted(plan).is_some_and(|name| self.reserved().contains(&name)) {
            applied.after = None;
            applied.problem = Some(Problem::uniqueness("the userName is taken"));
        }
    }

    fn committing(&self, plan: &Plan, _commit: &mut Commit) {
        if let Some(name) = wanted(plan) {
            self.reserved().insert(name);
        }
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        wanted(plan)?;
        Some(Box::pin(tokio::time::sleep(BETWEEN)))
    }

    fn committed(&self, plan: &Plan, _committed: &mut Committed) {
        if let Some(name) = wanted(plan) {
            self.reserved().remove(&name);
        }
    }
}
