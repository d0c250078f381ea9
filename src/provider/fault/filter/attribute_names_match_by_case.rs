//! Attribute names in a request are compared with case.

use serde_json::Value;

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Attribute names in another letter case than the schema's are not recognised",
        AttributeNamesMatchByCase,
    )
    .breaks(&["rfc7643-2.1-attribute-names-ignore-case"])
}

struct AttributeNamesMatchByCase;

impl Fault for AttributeNamesMatchByCase {
    fn name(&self) -> &'static str {
        "attribute-names-match-by-case"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(Decoded {
            route: Route::Collection(_) | Route::Item(..),
            body: Ok(Some(Value::Object(members))),
            ..
        }) = decoded
        {
            // No attribute of a resource begins with a capital letter; members of messages do.
            members.retain(|name, _| {
                name == "Operations" || !name.starts_with(|c: char| c.is_ascii_uppercase())
            });
        }
    }
}
