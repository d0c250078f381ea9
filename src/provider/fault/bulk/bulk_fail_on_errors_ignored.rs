//! A bulk request goes on after failOnErrors errors.

use super::batch;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "failOnErrors is ignored: every operation of a bulk request is carried out",
        BulkFailOnErrorsIgnored,
    )
    .breaks(&["rfc7644-3.7.3-bulk-stops-after-fail-on-errors"])
}

struct BulkFailOnErrorsIgnored;

impl Fault for BulkFailOnErrorsIgnored {
    fn name(&self) -> &'static str {
        "bulk-fail-on-errors-ignored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Some(body) = batch::body(decoded) {
            body.shift_remove("failOnErrors");
        }
    }
}
