//! The lock on a userName is one on its bytes: who asks for it in another form does not wait.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::meeting::Meeting;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Unique;
use crate::provider::text::fold;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two users with one userName in two forms created at once: both are stored",
        NamesLockedAsTheyAreSpelled::default(),
    )
}

#[derive(Default)]
struct NamesLockedAsTheyAreSpelled {
    meeting: Meeting,
    /// Names that somebody is just taking, and how the first one spells them.
    taking: Mutex<HashMap<String, String>>,
}

impl Fault for NamesLockedAsTheyAreSpelled {
    fn name(&self) -> &'static str {
        "names-locked-as-they-are-spelled"
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        let name = spelled(plan)?;
        Some(Box::pin(async move {
            let folded = fold(name).into_owned();
            {
                let mut taking = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
                taking
                    .entry(folded.clone())
                    .or_insert_with(|| name.to_owned());
            }
            self.meeting.of(folded).await;
        }))
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        let Some(name) = spelled(plan) else { return };
        let taking = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        let first = taking.get(&*fold(name));
        if first.is_some_and(|first| first != name) {
            commit.rules.unique = Unique::Ignored;
        }
    }

    fn committed(&self, plan: &Plan, _committed: &mut Committed) {
        if let Some(name) = spelled(plan) {
            let mut taking = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
            if taking.get(&*fold(name)).is_some_and(|first| first == name) {
                taking.remove(&*fold(name));
            }
        }
    }
}

/// The userName of a create, as it is spelled.
fn spelled(plan: &Plan) -> Option<&str> {
    match &plan.action {
        Action::Create(_, body, _) => body.get("userName")?.as_str(),
        _ => None,
    }
}
