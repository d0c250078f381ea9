//! A PATCH stores whatever its path says.

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
        "A PATCH of an attribute outside the schema is stored and shown under its path as written",
        PatchStoresUnknownPaths::default(),
    )
    .breaks(&[
        "rfc7644-3.5.2-unknown-path-is-refused",
        "rfc7643-3-top-level-members-are-known",
    ])
}

#[derive(Default)]
struct PatchStoresUnknownPaths {
    unknown: Mutex<HashMap<String, (String, Value)>>,
}

impl Fault for PatchStoresUnknownPaths {
    fn name(&self) -> &'static str {
        "patch-stores-unknown-paths"
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
            let path = operation.get("path").and_then(Value::as_str).unwrap_or("");
            if path.contains("Unknown") || path.contains("noSuch") {
                let value = operation.get("value").cloned().unwrap_or_default();
                self.unknown
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(id.clone(), (path.to_owned(), value));
                *operation = json!({"op": "add", "value": {}});
            }
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((name, value)) = unknown.get(&*resource.id) {
            shown.insert(name.clone(), value.clone());
        }
    }
}
