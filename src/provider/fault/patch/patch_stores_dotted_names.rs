//! A dotted name in a value becomes a member of that name.

use serde_json::{Map, Value};

use super::aside::{self, Aside};
use crate::provider::decode::{Decoded, Incoming};
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
struct PatchStoresDottedNames(Aside);

impl Fault for PatchStoresDottedNames {
    fn name(&self) -> &'static str {
        "patch-stores-dotted-names"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some((id, operations)) = aside::operations(decoded) else {
            return;
        };
        for operation in operations {
            if let Some(Value::Object(members)) = operation.get_mut("value") {
                let names = members
                    .keys()
                    .filter(|name| name.contains('.') && !name.contains(':'));
                for name in names.cloned().collect::<Vec<_>>() {
                    let value = members.shift_remove(&name).unwrap_or_default();
                    self.0.keep(id, name, value);
                }
            }
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        self.0.show(resource, shown);
    }
}
