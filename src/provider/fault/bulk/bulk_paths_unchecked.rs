//! What follows the id in the path of a bulk operation is passed over.

use super::batch;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use serde_json::Value;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A bulk operation on a path below a resource is carried out on the resource",
        BulkPathsUnchecked,
    )
    .breaks(&["rfc7644-3.7-bulk-operations-have-a-path"])
}

struct BulkPathsUnchecked;

impl Fault for BulkPathsUnchecked {
    fn name(&self) -> &'static str {
        "bulk-paths-unchecked"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        for operation in batch::operations(decoded).into_iter().flatten() {
            if let Some(Value::String(path)) = operation.get_mut("path") {
                let kept: Vec<&str> = path.splitn(4, '/').take(3).collect();
                *path = kept.join("/");
            }
        }
    }
}
