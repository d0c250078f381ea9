//! `sortBy` is ignored.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "sortBy is ignored although sorting is advertised",
        SortIgnored,
    )
    .breaks(&["rfc7644-3.4.2.3-sort-by-orders-results"])
}

struct SortIgnored;

impl Fault for SortIgnored {
    fn name(&self) -> &'static str {
        "sort-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.sort_by = None;
        }
    }
}
