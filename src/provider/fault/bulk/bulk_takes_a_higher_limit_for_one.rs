//! Operations that delete have a transaction of their own, which ends with the first error.

use serde_json::{Value, json};

use super::batch;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use crate::scim::resource::member;

/// It takes a list of operations that no scenario sends, so that only the probe of bulk requests sees it: `breaks`
/// stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "With a DELETE in the request, failOnErrors above 1 counts as 1",
        BulkTakesAHigherLimitForOne,
    )
}

struct BulkTakesAHigherLimitForOne;

impl Fault for BulkTakesAHigherLimitForOne {
    fn name(&self) -> &'static str {
        "bulk-takes-a-higher-limit-for-one"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let deletes = batch::operations(decoded).is_some_and(|operations| {
            let mut all = operations.iter();
            all.any(|it| member(it, "method") == Some(&Value::from("DELETE")))
        });
        if let (true, Some(body)) = (deletes, batch::body(decoded))
            && body.contains_key("failOnErrors")
        {
            body.insert("failOnErrors".to_owned(), json!(1));
        }
    }
}
