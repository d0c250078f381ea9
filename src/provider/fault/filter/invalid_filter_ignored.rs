//! A malformed filter is dropped.

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use crate::scim::filter::parse;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A filter that does not parse is ignored instead of refused",
        InvalidFilterIgnored,
    )
    .breaks(&["rfc7644-3.4.2.2-invalid-filter-answers-400"])
}

struct InvalidFilterIgnored;

impl Fault for InvalidFilterIgnored {
    fn name(&self) -> &'static str {
        "invalid-filter-ignored"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(decoded) = decoded {
            decoded.query.retain(|(name, value)| {
                !name.eq_ignore_ascii_case("filter") || parse(value).is_ok()
            });
        }
    }
}
