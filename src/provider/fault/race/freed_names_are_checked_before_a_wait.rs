//! Whether a name that somebody gave up is free is looked up before it is taken, and not again then.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::meeting::Meeting;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::{Change, Kind, Resource, Unique};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A userName that was given up is asked for twice at once: both get it",
        FreedNamesAreCheckedBeforeAWait::default(),
    )
}

#[derive(Default)]
struct FreedNamesAreCheckedBeforeAWait {
    meeting: Meeting,
    names: Mutex<Names>,
}

#[derive(Default)]
struct Names {
    /// Names that nobody has any more.
    freed: HashSet<String>,
    /// Freed names that are being taken, by the id of who takes them; a new user has none yet.
    taking: HashMap<String, String>,
}

impl FreedNamesAreCheckedBeforeAWait {
    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(resource: &Resource) -> Option<String> {
    let is_user = resource.kind == Kind::User;
    resource
        .text("userName")
        .filter(|_| is_user)
        .map(str::to_lowercase)
}

/// What tells the request from its rivals while it waits.
fn taker(plan: &Plan) -> Option<String> {
    match &plan.action {
        Action::Create(_, body, _) => Some(format!("new {}", body.get("userName")?.as_str()?)),
        Action::Patch(Kind::User, id, _) | Action::Replace(Kind::User, id, _) => Some(id.clone()),
        _ => None,
    }
}

impl Fault for FreedNamesAreCheckedBeforeAWait {
    fn name(&self) -> &'static str {
        "freed-names-are-checked-before-a-wait"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        let (Change::Create(after) | Change::Update { after, .. }) = &commit.change else {
            return;
        };
        if let (Some(name), Some(taker)) = (name(after), taker(plan)) {
            let mut names = self.names();
            if names.freed.contains(&name) {
                names.taking.insert(taker, name);
                commit.rules.unique = Unique::Ignored;
            }
        }
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        let name = self.names().taking.remove(&taker(plan)?)?;
        Some(Box::pin(self.meeting.of(name)))
    }

    fn committed(&self, _plan: &Plan, committed: &mut Committed) {
        let before = committed.before.as_deref().and_then(name);
        let after = committed.after.as_deref().and_then(name);
        if committed.problem.is_some() || before == after {
            return;
        }
        let mut names = self.names();
        if let Some(after) = after {
            names.freed.remove(&after);
        }
        names.freed.extend(before);
    }
}
