//! Deleted users are kept by their names, and a create with the name brings the row back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

/// It takes a sequence that no scenario sends, so that only the probe of the store sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user who is created anew has the values of the deleted one that the create leaves out",
        RecreatedShowsOldValues::default(),
    )
}

#[derive(Default)]
struct RecreatedShowsOldValues {
    rows: Mutex<HashMap<String, Map<String, Value>>>,
}

impl Fault for RecreatedShowsOldValues {
    fn name(&self) -> &'static str {
        "recreated-shows-old-values"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Create(..), Some(after)) = (&plan.action, &mut applied.after)
            && let Some(name) = name(&after.attributes)
        {
            let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
            for (attribute, value) in rows.remove(&name).unwrap_or_default() {
                after.attributes.entry(attribute).or_insert(value);
            }
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if let (Action::Delete(..), Some(before)) = (&plan.action, &committed.before)
            && let Some(name) = name(&before.attributes)
        {
            let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
            rows.insert(name, before.attributes.clone());
        }
    }
}

fn name(attributes: &Map<String, Value>) -> Option<String> {
    Some(attributes.get("userName")?.as_str()?.to_lowercase())
}
