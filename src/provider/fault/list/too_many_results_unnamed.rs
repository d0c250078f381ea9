//! A query with too many results says something else.

use http::Method;

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A list without parameters is refused for too many results, and not with scimType tooMany",
        TooManyResultsUnnamed,
    )
    .breaks(&["rfc7644-3.4.2.1-too-many-results-say-so"])
}

struct TooManyResultsUnnamed;

impl Fault for TooManyResultsUnnamed {
    fn name(&self) -> &'static str {
        "too-many-results-unnamed"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let lists = matches!(incoming.route(), Route::Collection(_));
        if lists && incoming.method == Method::GET && incoming.query.is_none() {
            *decoded = Err(Problem::new(413, "there are too many results"));
        }
    }
}
