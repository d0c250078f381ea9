//! `active` belongs to another system.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH of active is taken and changes nothing",
        ActiveCannotBeSwitched,
    )
    .breaks(&["rfc7643-4.1.1-active-is-a-boolean-status"])
}

struct ActiveCannotBeSwitched;

impl Fault for ActiveCannotBeSwitched {
    fn name(&self) -> &'static str {
        "active-cannot-be-switched"
    }

    fn operations(&self, _before: &Resource, operations: &mut Vec<Operation>) {
        operations.retain(|operation| {
            operation
                .target
                .as_ref()
                .is_none_or(|target| target.attribute.name != "active")
        });
    }
}
