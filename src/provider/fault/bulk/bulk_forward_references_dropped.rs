//! References that point forward are lost.

use serde_json::Value;

use super::batch::{self, REFERENCE};
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A reference to a resource that a later operation creates is dropped",
        BulkForwardReferencesDropped,
    )
    .breaks(&["rfc7644-3.7-bulk-order-keeps-the-intent"])
}

struct BulkForwardReferencesDropped;

impl Fault for BulkForwardReferencesDropped {
    fn name(&self) -> &'static str {
        "bulk-forward-references-dropped"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Some(operations) = batch::operations(decoded) else {
            return;
        };
        let mut known: Vec<String> = Vec::new();
        for operation in operations {
            if let Some(data) = operation.get_mut("data") {
                forget(data, &known);
            }
            known.extend(batch::handle(operation).map(|handle| format!("{REFERENCE}{handle}")));
        }
    }
}

/// Takes the values away that refer to what is not known yet.
fn forget(data: &mut Value, known: &[String]) {
    match data {
        Value::Array(values) => {
            values.retain(|value| {
                let text = value.get("value").and_then(Value::as_str).unwrap_or("");
                !text.starts_with(REFERENCE) || known.iter().any(|name| name == text)
            });
        }
        Value::Object(members) => {
            members.values_mut().for_each(|inner| forget(inner, known));
        }
        _ => {}
    }
}
