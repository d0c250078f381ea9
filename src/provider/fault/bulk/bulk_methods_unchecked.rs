//! Unknown methods in bulk requests are passed over.

use serde_json::Value;

use super::batch;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A bulk operation with an unknown method is reported as done",
        BulkMethodsUnchecked,
    )
    .breaks(&["rfc7644-3.7-bulk-operations-have-a-known-method"])
}

struct BulkMethodsUnchecked;

impl Fault for BulkMethodsUnchecked {
    fn name(&self) -> &'static str {
        "bulk-methods-unchecked"
    }

    fn represented(&self, plan: &Plan, document: &mut Value) {
        batch::pretend(plan, document, |operation| {
            !["POST", "PUT", "PATCH", "DELETE"].contains(&operation.method.as_str())
        });
    }
}
