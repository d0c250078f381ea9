//! A search that is none is taken for a create request.

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use crate::scim::urn;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A POST to .search that is no SearchRequest creates a resource",
        SearchCreates,
    )
    .breaks(&["rfc7644-3.4.3-search-creates-nothing"])
}

struct SearchCreates;

impl Fault for SearchCreates {
    fn name(&self) -> &'static str {
        "search-creates"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Ok(decoded) = decoded else { return };
        let Ok(Some(body)) = &decoded.body else {
            return;
        };
        if let Route::Search(kind) = decoded.route
            && !urn::listed(body, urn::SEARCH_REQUEST)
        {
            decoded.route = Route::Collection(kind);
        }
    }
}
