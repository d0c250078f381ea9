//! The map of bulkIds is emptied with the session that a DELETE ends.

use serde_json::Value;

use super::batch::{self, REFERENCE};
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use crate::scim::resource::member;

/// It takes a list of operations that no scenario sends, so that only the probe of bulk requests sees it: `breaks`
/// stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A reference to a resource that the same bulk request created is not resolved after a DELETE",
        BulkForgetsReferencesAfterADelete,
    )
}

struct BulkForgetsReferencesAfterADelete;

impl Fault for BulkForgetsReferencesAfterADelete {
    fn name(&self) -> &'static str {
        "bulk-forgets-references-after-a-delete"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(operations) = batch::operations(decoded) else {
            return;
        };
        let mut forgotten = false;
        for operation in operations {
            if forgotten {
                batch::strings(operation, &mut |text| {
                    if let Some(handle) = text.strip_prefix(REFERENCE) {
                        *text = format!("{REFERENCE}forgotten-{handle}");
                    }
                });
            }
            forgotten |= member(operation, "method") == Some(&Value::from("DELETE"));
        }
    }
}
