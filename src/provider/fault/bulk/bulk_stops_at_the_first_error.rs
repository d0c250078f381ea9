//! A bulk request stops at the first error.

use serde_json::json;

use super::batch;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A bulk request stops at the first error, whatever failOnErrors says",
        BulkStopsAtTheFirstError,
    )
    .breaks(&["rfc7644-3.7-bulk-goes-on-after-failures"])
}

struct BulkStopsAtTheFirstError;

impl Fault for BulkStopsAtTheFirstError {
    fn name(&self) -> &'static str {
        "bulk-stops-at-the-first-error"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Some(body) = batch::body(decoded) {
            body.insert("failOnErrors".to_owned(), json!(1));
        }
    }
}
