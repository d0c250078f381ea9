//! failOnErrors bounds the operations and not the errors.

use serde_json::Value;

use super::batch;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "failOnErrors counts operations: a bulk request stops after that many, failed or not",
        BulkFailOnErrorsCountsOperations,
    )
    .breaks(&["rfc7644-3.7.3-bulk-stops-after-fail-on-errors"])
}

struct BulkFailOnErrorsCountsOperations;

impl Fault for BulkFailOnErrorsCountsOperations {
    fn name(&self) -> &'static str {
        "bulk-fail-on-errors-counts-operations"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let limit = batch::body(decoded)
            .and_then(|body| body.get("failOnErrors"))
            .and_then(Value::as_u64)
            .and_then(|limit| usize::try_from(limit).ok());
        if let (Some(limit), Some(operations)) = (limit, batch::operations(decoded)) {
            operations.truncate(limit);
        }
    }
}
