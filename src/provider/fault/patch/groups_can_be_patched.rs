//! A PATCH of the derived `groups` of a user is applied to the user.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The groups of a user can be changed through the user",
        GroupsCanBePatched::default(),
    )
    .breaks(&["rfc7643-4.1.2-groups-are-read-only"])
}

#[derive(Default)]
struct GroupsCanBePatched {
    groups: Mutex<HashMap<String, Value>>,
}

impl Fault for GroupsCanBePatched {
    fn name(&self) -> &'static str {
        "groups-can-be-patched"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Patch(_, id, operations),
            ..
        }) = plan
        {
            operations.retain(|operation| {
                let is_groups = operation
                    .target
                    .as_ref()
                    .is_some_and(|target| target.attribute.name == "groups");
                if let Some(value) = operation.value.clone().filter(|_| is_groups) {
                    let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
                    groups.insert(id.clone(), value);
                }
                !is_groups
            });
        }
    }

    fn shown(&self, plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = groups
            .get(&*resource.id)
            .filter(|_| plan.projection.is_usual())
        {
            shown.insert(String::from("groups"), value.clone());
        }
    }
}
