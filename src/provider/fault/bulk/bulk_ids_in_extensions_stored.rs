//! References by bulkId are resolved in core attributes only.

use serde_json::{Map, Value};

use super::batch::{self, REFERENCE};
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

/// How a reference is hidden from the provider until it is shown.
const HIDDEN: &str = "bulkid:";

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A bulkId reference in an extension is stored as it is written",
        BulkIdsInExtensionsStored,
    )
    .breaks(&["rfc7644-3.7.2-bulk-ids-become-ids"])
}

struct BulkIdsInExtensionsStored;

impl Fault for BulkIdsInExtensionsStored {
    fn name(&self) -> &'static str {
        "bulk-ids-in-extensions-stored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        for operation in batch::operations(decoded).into_iter().flatten() {
            if let Some(data) = operation.get_mut("data").and_then(Value::as_object_mut) {
                change(data, REFERENCE, HIDDEN);
            }
        }
    }

    fn shown(&self, _plan: &Plan, _resource: &Resource, shown: &mut Map<String, Value>) {
        change(shown, HIDDEN, REFERENCE);
    }
}

/// Rewrites the prefix of references in the extensions of a resource.
fn change(resource: &mut Map<String, Value>, from: &str, to: &str) {
    for (name, value) in resource {
        if name.starts_with("urn:") {
            batch::strings(value, &mut |text| *text = text.replacen(from, to, 1));
        }
    }
}
