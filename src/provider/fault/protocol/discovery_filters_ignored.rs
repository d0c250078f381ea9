//! Discovery ignores filters instead of refusing them.

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A filter on a discovery endpoint is ignored",
        DiscoveryFiltersIgnored,
    )
    .breaks(&["rfc7644-4-discovery-refuses-filters"])
}

struct DiscoveryFiltersIgnored;

impl Fault for DiscoveryFiltersIgnored {
    fn name(&self) -> &'static str {
        "discovery-filters-ignored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(decoded) = decoded
            && matches!(
                decoded.route,
                Route::ServiceProviderConfig | Route::ResourceTypes | Route::Schemas
            )
        {
            decoded.query.retain(|(name, _)| name != "filter");
        }
    }
}
