//! Ids are looked up by way of the name, so that the id of a deleted user finds who has the name now.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

/// It takes a sequence that no scenario sends, so that only the probe of the store sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The id of a deleted user answers for the user who was created with the same name",
        OldIdLeadsToTheNewUser::default(),
    )
}

#[derive(Default)]
struct OldIdLeadsToTheNewUser {
    deleted: Mutex<HashMap<String, String>>,
    names: Mutex<HashMap<String, String>>,
}

impl Fault for OldIdLeadsToTheNewUser {
    fn name(&self) -> &'static str {
        "old-id-leads-to-the-new-user"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan
            && let Action::Read(_, id) = &mut plan.action
        {
            let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
            let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(new) = deleted.get(id).and_then(|name| names.get(name)) {
                id.clone_from(new);
            }
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let mut deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        match (&plan.action, &committed.before, &committed.after) {
            (Action::Delete(..), Some(before), _) => {
                if let Some(name) = name(&before.attributes) {
                    names.remove(&name);
                    deleted.insert(before.id.to_string(), name);
                }
            }
            (Action::Create(..), _, Some(after)) => {
                if let Some(name) = name(&after.attributes) {
                    names.insert(name, after.id.to_string());
                }
            }
            _ => {}
        }
    }
}

fn name(attributes: &Map<String, Value>) -> Option<String> {
    Some(attributes.get("userName")?.as_str()?.to_lowercase())
}
