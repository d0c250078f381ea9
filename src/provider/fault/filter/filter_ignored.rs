//! The filter of a list is ignored.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A filter is ignored: the list holds everything",
        FilterIgnored,
    )
    .breaks(&[
        "rfc7644-3.4.2.2-unsupported-filters-are-not-ignored",
        "rfc7644-3.4.2.2-filter-selects-matching-resources-only",
    ])
}

struct FilterIgnored;

impl Fault for FilterIgnored {
    fn name(&self) -> &'static str {
        "filter-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.filter = None;
        }
    }
}
