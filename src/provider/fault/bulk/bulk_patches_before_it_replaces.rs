//! Operations on one resource are sorted by method before they are carried out.

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
        "A PATCH that follows a PUT of the same resource in a bulk request is carried out before it",
        BulkPatchesBeforeItReplaces,
    )
}

struct BulkPatchesBeforeItReplaces;

impl Fault for BulkPatchesBeforeItReplaces {
    fn name(&self) -> &'static str {
        "bulk-patches-before-it-replaces"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(operations) = batch::operations(decoded) else {
            return;
        };
        let text = |operation: &Value, name: &str| member(operation, name).cloned();
        for at in 0..operations.len() {
            let Some(put) = operations.get(at) else { break };
            if text(put, "method") != Some(Value::from("PUT")) {
                continue;
            }
            let path = text(put, "path");
            let later = operations.iter().skip(at + 1).position(|it| {
                text(it, "method") == Some(Value::from("PATCH")) && text(it, "path") == path
            });
            if let Some(after) = later {
                operations.swap(at, at + 1 + after);
            }
        }
    }
}
