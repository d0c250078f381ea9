//! Bulk operations without data are passed over.

use serde_json::Value;

use super::batch;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A bulk operation without data is reported as done",
        BulkDataOptional,
    )
    .breaks(&["rfc7644-3.7-bulk-operations-have-data"])
}

struct BulkDataOptional;

impl Fault for BulkDataOptional {
    fn name(&self) -> &'static str {
        "bulk-data-optional"
    }

    fn represented(&self, plan: &Plan, document: &mut Value) {
        batch::pretend(plan, document, |operation| {
            operation.data.is_none() && operation.method != "DELETE"
        });
    }
}
