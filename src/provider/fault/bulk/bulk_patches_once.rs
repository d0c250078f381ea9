//! Operations are kept by method and path until they are carried out.

use serde_json::Value;

use super::batch;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use crate::scim::resource::member;

/// It takes a list of operations that no scenario sends, so that only the probe of bulk requests sees it: `breaks`
/// stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of two PATCH operations on one resource in a bulk request the second is carried out twice",
        BulkPatchesOnce,
    )
}

struct BulkPatchesOnce;

impl Fault for BulkPatchesOnce {
    fn name(&self) -> &'static str {
        "bulk-patches-once"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(operations) = batch::operations(decoded) else {
            return;
        };
        let is_patch =
            |operation: &Value| member(operation, "method") == Some(&Value::from("PATCH"));
        for at in 0..operations.len() {
            let Some(operation) = operations.get(at).filter(|it| is_patch(it)) else {
                continue;
            };
            let path = member(operation, "path").cloned();
            let mut later = operations.iter().skip(at + 1);
            let last = later.rfind(|it| is_patch(it) && member(it, "path") == path.as_ref());
            if let Some(last) = last.cloned()
                && let Some(place) = operations.get_mut(at)
            {
                *place = last;
            }
        }
    }
}
