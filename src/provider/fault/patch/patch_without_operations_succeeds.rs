//! A PATCH without operations does nothing.

use serde_json::{Value, json};

use super::message;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH body without a list of operations is answered with 200",
        PatchWithoutOperationsSucceeds,
    )
    .breaks(&["rfc7644-3.5.2-patch-body-has-operations"])
}

struct PatchWithoutOperationsSucceeds;

impl Fault for PatchWithoutOperationsSucceeds {
    fn name(&self) -> &'static str {
        "patch-without-operations-succeeds"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Some(body) = message::members(incoming, decoded)
            && body
                .get("Operations")
                .and_then(Value::as_array)
                .is_none_or(Vec::is_empty)
        {
            body.insert(
                String::from("Operations"),
                json!([{"op": "add", "value": {}}]),
            );
        }
    }
}
