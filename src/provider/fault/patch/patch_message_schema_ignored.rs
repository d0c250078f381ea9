//! The schema of a PATCH message is not looked at.

use serde_json::json;

use super::message;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use crate::scim::urn;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH body without the PatchOp schema is carried out",
        PatchMessageSchemaIgnored,
    )
    .breaks(&["rfc7644-3.5.2-patch-body-names-patch-op"])
}

struct PatchMessageSchemaIgnored;

impl Fault for PatchMessageSchemaIgnored {
    fn name(&self) -> &'static str {
        "patch-message-schema-ignored"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Some(body) = message::members(incoming, decoded) {
            body.insert(String::from("schemas"), json!([urn::PATCH_OP]));
        }
    }
}
