//! A PATCH stores whatever its path says.

use serde_json::{Map, Value};

use super::aside::{self, Aside};
use crate::provider::decode::{Decoded, Incoming};
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
struct PatchStoresUnknownPaths(Aside);

impl Fault for PatchStoresUnknownPaths {
    fn name(&self) -> &'static str {
        "patch-stores-unknown-paths"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some((id, operations)) = aside::operations(decoded) else {
            return;
        };
        for operation in operations {
            let path = operation.get("path").and_then(Value::as_str).unwrap_or("");
            if path.contains("Unknown") || path.contains("noSuch") {
                let value = operation.get("value").cloned().unwrap_or_default();
                self.0.keep(id, path, value);
                *operation = aside::nothing();
            }
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        self.0.show(resource, shown);
    }
}
