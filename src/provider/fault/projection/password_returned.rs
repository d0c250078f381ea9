//! The password is shown.

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The password is part of the representation",
        PasswordReturned,
    )
    .breaks(&[
        "rfc7643-4.1.1-password-is-never-returned",
        "rfc7643-4.1.1-password-is-write-only",
    ])
}

struct PasswordReturned;

impl Fault for PasswordReturned {
    fn name(&self) -> &'static str {
        "password-returned"
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if let Some(password) = resource.attributes.get("password") {
            shown.insert(String::from("password"), password.clone());
        }
    }
}
