//! References by bulkId are not resolved.

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
        "A bulkId reference is stored as it is written",
        BulkIdsStored,
    )
    .breaks(&["rfc7644-3.7.2-bulk-ids-become-ids"])
}

struct BulkIdsStored;

impl Fault for BulkIdsStored {
    fn name(&self) -> &'static str {
        "bulk-ids-stored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        for operation in batch::operations(decoded).into_iter().flatten() {
            if let Some(data) = operation.get_mut("data") {
                batch::strings(data, &mut |text| {
                    *text = text.replacen(REFERENCE, HIDDEN, 1);
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
