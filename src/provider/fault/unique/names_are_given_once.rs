//! A name that was ever given is never free again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::provider::apply::Applied;
use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A userName, or the displayName of a group, stays taken after a rename or a delete",
        NamesAreGivenOnce::default(),
    )
}

#[derive(Default)]
struct NamesAreGivenOnce {
    /// Ids of the first owners by name.
    owners: Mutex<HashMap<String, String>>,
}

impl Fault for NamesAreGivenOnce {
    fn name(&self) -> &'static str {
        "names-are-given-once"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        let Some(after) = &applied.after else { return };
        let owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = name(after).and_then(|name| owners.get(&name));
        if theirs.is_some_and(|owner| **owner != *after.id) {
            applied.after = None;
            applied.problem = Some(Problem::uniqueness("this name was given before"));
        }
    }

    fn committed(&self, _plan: &Plan, committed: &mut Committed) {
        if let Some(after) = &committed.after
            && let Some(name) = name(after)
        {
            self.owners
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(name)
                .or_insert_with(|| after.id.to_string());
        }
    }
}

/// The unique name of a resource, told apart from those of the other type.
fn name(resource: &Resource) -> Option<String> {
    let (kind, name) = match resource.kind {
        Kind::User => ("user", resource.text("userName")?),
        Kind::Group => ("group", resource.text("displayName")?),
        Kind::Device | Kind::EndpointApp => return None,
    };
    Some(format!("{kind} {}", name.to_lowercase()))
}
