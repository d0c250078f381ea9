//! Versions in bulk requests are ignored.

use super::batch;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The version of a bulk operation is ignored: a stale change goes through",
        BulkVersionsIgnored,
    )
    .breaks(&["rfc7644-3.7-bulk-honours-versions"])
}

struct BulkVersionsIgnored;

impl Fault for BulkVersionsIgnored {
    fn name(&self) -> &'static str {
        "bulk-versions-ignored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        for operation in batch::operations(decoded).into_iter().flatten() {
            if let Some(members) = operation.as_object_mut() {
                members.shift_remove("version");
            }
        }
    }
}
