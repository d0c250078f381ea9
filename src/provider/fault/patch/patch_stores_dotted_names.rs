//! A dotted name in a value becomes a member of that name.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH without path stores a dotted name as a member of that name",
        PatchStoresDottedNames::default(),
    )
    .breaks(&["rfc7644-3.5.2.3-replace-without-path-replaces-attributes"])
}

#[derive(Default)]
struct PatchStoresDottedNames {
    stored: Mutex<HashMap<String, (String, Value)>>,
}

impl Fault for PatchStoresDottedNames {
    fn name(&self) -> &'static str {
        "patch-stores-dotted-names"
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
        let mut stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        for operation in operations {
            if let Some(Value::Object(members)) = operation.get_mut("value") {
                let names = members
                    .keys()
                    .filter(|name| name.contains('.') && !name.contains(':'));
                for name in names.cloned().collect::<Vec<_>>() {
                    let value = members.shift_remove(&name).unwrap_or_default();
                    stored.insert(id.clone(), (name, value));
                }
            }
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((name, value)) = stored.get(&*resource.id) {
            shown.insert(name.clone(), value.clone());
        }
    }
}
