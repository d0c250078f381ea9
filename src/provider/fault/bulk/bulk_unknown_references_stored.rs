//! References to a bulkId that no operation has are stored.

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
        "A reference to an unknown bulkId is stored as it is written",
        BulkUnknownReferencesStored,
    )
    .breaks(&["rfc7644-3.7.2-unresolved-bulk-id-fails"])
}

struct BulkUnknownReferencesStored;

impl Fault for BulkUnknownReferencesStored {
    fn name(&self) -> &'static str {
        "bulk-unknown-references-stored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(operations) = batch::operations(decoded) else {
            return;
        };
        let known: Vec<String> = operations
            .iter()
            .filter_map(|operation| Some(format!("{REFERENCE}{}", batch::handle(operation)?)))
            .collect();
        for operation in operations {
            if let Some(data) = operation.get_mut("data") {
                batch::strings(data, &mut |text| {
                    if !known.contains(text) {
                        *text = text.replacen(REFERENCE, HIDDEN, 1);
                    }
                });
            }
        }
    }

    fn shown(&self, _plan: &Plan, _resource: &Resource, shown: &mut Map<String, Value>) {
        for value in shown.values_mut() {
            batch::strings(value, &mut |text| {
                *text = text.replacen(HIDDEN, REFERENCE, 1);
            });
        }
    }
}
