//! The operations of a bulk request as they came, for the faults that bend them.

use serde_json::{Map, Value};

use crate::provider::bulk::BulkOperation;
use crate::provider::decode::{Decoded, Route};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::scim::resource::member;

/// Prefix of references to resources of the same request.
pub(super) const REFERENCE: &str = "bulkId:";

/// The body of a bulk request.
pub(in crate::provider::fault) fn body(
    decoded: &mut Result<Decoded, Problem>,
) -> Option<&mut Map<String, Value>> {
    match decoded {
        Ok(Decoded {
            route: Route::Bulk,
            body: Ok(Some(Value::Object(body))),
            ..
        }) => Some(body),
        _ => None,
    }
}

/// Its operations.
pub(in crate::provider::fault) fn operations(
    decoded: &mut Result<Decoded, Problem>,
) -> Option<&mut Vec<Value>> {
    body(decoded)?.get_mut("Operations")?.as_array_mut()
}

/// The bulkId of an operation.
pub(super) fn handle(operation: &Value) -> Option<&str> {
    member(operation, "bulkId")?.as_str()
}

/// Calls `change` with every string of a value.
pub(in crate::provider::fault) fn strings(value: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(values) => values.iter_mut().for_each(|inner| strings(inner, change)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|inner| strings(inner, change)),
        _ => {}
    }
}

/// Shows the operations that a fault takes for good as if they had been carried out.
pub(super) fn pretend(plan: &Plan, document: &mut Value, taken: impl Fn(&BulkOperation) -> bool) {
    let Action::Bulk(job) = &plan.action else {
        return;
    };
    let results = document.get_mut("Operations").and_then(Value::as_array_mut);
    for (operation, result) in job.operations.iter().zip(results.into_iter().flatten()) {
        if taken(operation)
            && let Some(members) = result.as_object_mut()
        {
            members.insert("status".to_owned(), Value::from("200"));
            members.shift_remove("response");
        }
    }
}
