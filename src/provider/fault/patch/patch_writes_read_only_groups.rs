//! `groups` of a user can be written.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH of the groups of a user is taken and shown",
        PatchWritesReadOnlyGroups::default(),
    )
    .breaks(&[
        "rfc7644-3.5.2-patch-honours-mutability",
        "rfc7643-4.1.2-groups-are-read-only",
    ])
}

#[derive(Default)]
struct PatchWritesReadOnlyGroups {
    groups: Mutex<HashMap<String, Value>>,
}

impl Fault for PatchWritesReadOnlyGroups {
    fn name(&self) -> &'static str {
        "patch-writes-read-only-groups"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Ok(Decoded {
            route: Route::Item(_, id),
            body: Ok(Some(body)),
            ..
        }) = decoded
        else {
            return;
        };
        let Some(Value::Array(operations)) = body.get_mut("Operations") else {
            return;
        };
        for operation in operations {
            if operation.get("path") == Some(&Value::from("groups")) {
                let groups = operation.get("value").cloned().unwrap_or_default();
                self.groups
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(id.clone(), groups);
                *operation = json!({"op": "add", "value": {}});
            }
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(groups) = groups.get(&*resource.id) {
            shown.insert(String::from("groups"), groups.clone());
        }
    }
}
