//! The filter of a list is ignored.

use super::rewrite::query;
use super::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A filter is ignored: the list holds everything",
        FilterIgnored,
    )
    .breaks(&["rfc7644-3.4.2.2-filter-selects-matching-resources-only"])
    .also(&[
        "rfc7643-3.1-external-id-is-case-exact",
        "rfc7643-4.1.1-user-name-is-unique",
        "rfc7643-7-filters-honour-case-exact",
        "rfc7644-3.3-refused-create-leaves-nothing",
        "rfc7644-3.4.2*",
        "rfc7644-3.4.3-search-equals-get",
        "rfc7644-3.4.3-search-pages",
        "rfc7644-3.4.3-search-projects",
        "rfc7644-3.4.3-search-sorts",
        "rfc7644-3.6-deleted-is-not-listed",
        "rfc7644-3.7.2-bulk-ids-become-ids",
        "rfc7644-3.9-projection-applies-to-writes-and-lists",
        "rfc7644-7.8-unicode-is-prepared-before-comparison",
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
