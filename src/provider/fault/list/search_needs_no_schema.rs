//! A search request without its schema is taken.

use serde_json::{Value, json};

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use crate::scim::urn;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A search request without schemas, or with those of another message, is taken",
        SearchNeedsNoSchema,
    )
    .breaks(&["rfc7644-3.4.3-search-needs-its-schema"])
}

struct SearchNeedsNoSchema;

impl Fault for SearchNeedsNoSchema {
    fn name(&self) -> &'static str {
        "search-needs-no-schema"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Ok(decoded) = decoded else { return };
        if let (Route::Search(_) | Route::RootSearch, Ok(Some(Value::Object(members)))) =
            (&decoded.route, &mut decoded.body)
        {
            members.insert(String::from("schemas"), json!([urn::SEARCH_REQUEST]));
        }
    }
}
