//! `groups` of a user can be written.

use serde_json::{Map, Value};

use super::aside::{self, Aside};
use crate::provider::decode::{Decoded, Incoming};
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
struct PatchWritesReadOnlyGroups(Aside);

impl Fault for PatchWritesReadOnlyGroups {
    fn name(&self) -> &'static str {
        "patch-writes-read-only-groups"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some((id, operations)) = aside::operations(decoded) else {
            return;
        };
        for operation in operations {
            if operation.get("path") == Some(&Value::from("groups")) {
                let groups = operation.get("value").cloned().unwrap_or_default();
                self.0.keep(id, "groups", groups);
                *operation = aside::nothing();
            }
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        self.0.show(resource, shown);
    }
}
