//! Bulk requests (RFC 7644 §3.7).
//!
//! `read` makes a job of a body, `order` finds which operation has to come first, `run` does them.
//! Ids of new resources are chosen before anything runs, so that references can point forward and
//! in circles; a circle is created whole or not at all.

mod order;
mod read;
mod run;

use serde_json::Value;

pub(super) use read::read;
pub(super) use run::run;

/// A bulk request.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Operations in the order of the request.
    pub operations: Vec<BulkOperation>,
    /// Number of errors after which to stop.
    pub fail_on_errors: Option<usize>,
}

/// One operation of a bulk request.
#[derive(Clone, Debug)]
pub struct BulkOperation {
    /// Upper-case method.
    pub method: String,
    /// Path below the base, with a leading slash.
    pub path: String,
    /// Handle for references.
    pub bulk_id: Option<String>,
    /// Expected version.
    pub version: Option<String>,
    /// Body.
    pub data: Option<Value>,
}
