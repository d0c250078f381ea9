//! From the body of a bulk request to a job.
//!
//! Refuses what is no BulkRequest; what is wrong with one operation is that operation's result.

use std::collections::HashSet;

use serde_json::Value;

use super::super::Provider;
use super::super::problem::Problem;
use super::{BulkOperation, Job};
use crate::scim::resource::member;
use crate::scim::urn;

/// Reads a BulkRequest.
///
/// # Errors
/// 400 for a body that is none, 413 for too many operations.
pub(in crate::provider) fn read(provider: &Provider, body: &Value) -> Result<Job, Problem> {
    if !urn::listed(body, urn::BULK_REQUEST) {
        return Err(Problem::syntax(format!(
            "'schemas' does not list '{}'",
            urn::BULK_REQUEST
        )));
    }
    let Some(Value::Array(operations)) = member(body, "Operations") else {
        return Err(Problem::syntax("'Operations' has to be an array"));
    };
    let limit = provider.settings().limits.max_operations;
    if operations.len() > limit {
        return Err(Problem::new(
            413,
            format!(
                "{} operations are more than the limit of {limit} (maxOperations)",
                operations.len()
            ),
        ));
    }
    let fail_on_errors = match member(body, "failOnErrors") {
        None | Some(Value::Null) => None,
        Some(value) => match value.as_u64().and_then(|n| usize::try_from(n).ok()) {
            Some(number) if number > 0 => Some(number),
            _ => {
                return Err(Problem::value(
                    "'failOnErrors' has to be a positive integer",
                ));
            }
        },
    };
    let operations: Vec<BulkOperation> =
        operations.iter().map(operation).collect::<Result<_, _>>()?;
    let mut handles = HashSet::new();
    for handle in operations
        .iter()
        .filter_map(|operation| operation.bulk_id.as_deref())
    {
        if !handles.insert(handle) {
            return Err(Problem::value(format!(
                "the bulkId '{handle}' is used twice"
            )));
        }
    }
    Ok(Job {
        operations,
        fail_on_errors,
    })
}

fn operation(value: &Value) -> Result<BulkOperation, Problem> {
    if !value.is_object() {
        return Err(Problem::syntax("an operation has to be an object"));
    }
    let text = |name: &str| match member(value, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Problem::syntax(format!("'{name}' has to be a string"))),
    };
    let required = |name: &str| {
        text(name)?.ok_or_else(|| Problem::syntax(format!("an operation needs '{name}'")))
    };
    Ok(BulkOperation {
        method: required("method")?.to_ascii_uppercase(),
        path: required("path")?,
        bulk_id: text("bulkId")?,
        version: text("version")?,
        data: member(value, "data").cloned(),
    })
}
