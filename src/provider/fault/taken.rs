//! Which userNames are or were taken, by whom, for the faults that have to know.
//!
//! Follows what the store did; asks it nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::provider::commit::Committed;
use crate::provider::store::Resource;

/// Ids of resources and, for users, their userNames in lower case.
#[derive(Default)]
pub(super) struct Taken(Mutex<HashMap<String, String>>);

impl Taken {
    /// Notes what was done.
    pub(super) fn follow(&self, committed: &Committed) {
        if committed.problem.is_some() {
            return;
        }
        match (&committed.before, &committed.after) {
            (_, Some(after)) => self.add(after),
            (Some(before), None) => {
                self.lock().remove(&*before.id);
            }
            (None, None) => {}
        }
    }

    /// Notes a resource.
    pub(super) fn add(&self, resource: &Resource) {
        let name = name(&resource.attributes).unwrap_or_default();
        self.lock().insert(resource.id.to_string(), name);
    }

    /// The id of the user who has the userName of these attributes.
    pub(super) fn by(&self, attributes: &Map<String, Value>) -> Option<String> {
        let wanted = name(attributes)?;
        let found = self.lock();
        let (id, _) = found.iter().find(|(_, name)| **name == wanted)?;
        Some(id.clone())
    }

    /// Whether there is a resource of this id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(attributes: &Map<String, Value>) -> Option<String> {
    let name = attributes.get("userName")?.as_str()?;
    Some(name.to_lowercase())
}
