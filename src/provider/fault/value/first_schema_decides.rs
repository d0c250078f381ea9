//! The first URI of `schemas` is taken for the type of the resource.

use serde_json::Value;

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A resource whose schemas begin with an extension is refused",
        FirstSchemaDecides,
    )
    .breaks(&["rfc7643-3-schemas-order-has-no-meaning"])
}

struct FirstSchemaDecides;

impl Fault for FirstSchemaDecides {
    fn name(&self) -> &'static str {
        "first-schema-decides"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(Decoded {
            route: Route::Collection(_),
            body: Ok(Some(body)),
            ..
        }) = decoded
            && let Some(Value::String(first)) = body.pointer("/schemas/0")
            && first.contains(":extension:")
        {
            *decoded = Err(Problem::value("the schema is no resource type"));
        }
    }
}
