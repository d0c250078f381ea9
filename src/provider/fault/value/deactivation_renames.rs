//! A deactivated account gives its names free.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A deactivated user gets another userName and other emails until it is activated again",
        DeactivationRenames::default(),
    )
}

/// Attributes that go.
const NAMES: [&str; 2] = ["userName", "emails"];

#[derive(Default)]
struct DeactivationRenames {
    /// What each deactivated user had.
    kept: Mutex<HashMap<String, Map<String, Value>>>,
}

impl Fault for DeactivationRenames {
    fn name(&self) -> &'static str {
        "deactivation-renames"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        let (Some(before), Some(after)) = (&applied.before, &mut applied.after) else {
            return;
        };
        if after.kind != Kind::User {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let id = String::from(&*after.id);
        match (is_active(before), is_active(after)) {
            (true, false) => {
                let names = NAMES.iter().filter_map(|name| {
                    let value = after.attributes.get(*name)?;
                    Some(((*name).to_owned(), value.clone()))
                });
                kept.insert(id.clone(), names.collect());
                let hidden = format!("suspended-{id}");
                let address = format!("{hidden}@users.noreply.example");
                after
                    .attributes
                    .insert("emails".to_owned(), json!([{"value": address}]));
                after
                    .attributes
                    .insert("userName".to_owned(), Value::from(hidden));
            }
            (false, true) => {
                for (name, value) in kept.remove(&id).unwrap_or_default() {
                    if after.attributes.get(&name) == before.attributes.get(&name) {
                        after.attributes.insert(name, value);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_active(resource: &Resource) -> bool {
    resource.attributes.get("active") != Some(&Value::Bool(false))
}
