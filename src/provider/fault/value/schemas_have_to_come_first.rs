//! A parser that reads the schema before anything else.

use serde_json::Value;

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A resource whose body does not begin with schemas is refused",
        SchemasHaveToComeFirst,
    )
    .breaks(&["rfc7643-2.3.8-member-order-has-no-meaning"])
}

struct SchemasHaveToComeFirst;

impl Fault for SchemasHaveToComeFirst {
    fn name(&self) -> &'static str {
        "schemas-have-to-come-first"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if incoming.method == http::Method::PUT
            && let Ok(Decoded {
                route: Route::Item(..),
                body: Ok(Some(Value::Object(members))),
                ..
            }) = decoded
            && members
                .keys()
                .next()
                .is_some_and(|first| first != "schemas")
        {
            *decoded = Err(Problem::syntax("'schemas' has to come first"));
        }
    }
}
