//! Without `sortOrder` results descend.

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Results descend where sortOrder is not given",
        SortDescendsByDefault,
    )
    .breaks(&["rfc7644-3.4.2.3-sort-order-is-ascending-by-default"])
}

struct SortDescendsByDefault;

impl Fault for SortDescendsByDefault {
    fn name(&self) -> &'static str {
        "sort-descends-by-default"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Ok(decoded) = decoded else { return };
        let has = |name: &str| decoded.query.iter().any(|(known, _)| known == name);
        if has("sortBy") && !has("sortOrder") {
            let order = (String::from("sortOrder"), String::from("descending"));
            decoded.query.push(order);
        }
    }
}
