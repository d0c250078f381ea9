//! A bulk request without operations is taken.

use serde_json::json;

use super::batch;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A bulk request without Operations is answered as an empty one",
        BulkWithoutOperationsAccepted,
    )
    .breaks(&["rfc7644-3.7-bulk-needs-operations"])
}

struct BulkWithoutOperationsAccepted;

impl Fault for BulkWithoutOperationsAccepted {
    fn name(&self) -> &'static str {
        "bulk-without-operations-accepted"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Some(body) = batch::body(decoded) {
            body.entry("Operations").or_insert_with(|| json!([]));
        }
    }
}
