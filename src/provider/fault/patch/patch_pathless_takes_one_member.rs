//! The value of an operation without path is taken for one attribute.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new("Of the attributes in the value of a PATCH operation without path the first alone is changed", PatchPathlessTakesOneMember)
        .breaks(&["rfc7644-3.5.2.3-replace-without-path-replaces-attributes"])
}

struct PatchPathlessTakesOneMember;

impl Fault for PatchPathlessTakesOneMember {
    fn name(&self) -> &'static str {
        "patch-pathless-takes-one-member"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        for operation in operations.iter_mut().filter(|it| it.target.is_none()) {
            if let Some(Value::Object(members)) = &mut operation.value {
                let first = members.keys().next().cloned();
                members.retain(|name, _| Some(name) == first.as_ref());
            }
        }
    }
}
