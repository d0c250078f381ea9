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
        "rfc7644-3.4.2-list-elements-are-resources",
        "rfc7644-3.4.2-lists-hold-all-resources",
        "rfc7644-3.4.2-no-match-answers-200",
        "rfc7644-3.4.2-partial-lists-state-items-per-page",
        "rfc7644-3.4.2.1-root-query-covers-all-types",
        "rfc7644-3.4.2.2-and-binds-tighter-than-or",
        "rfc7644-3.4.2.2-and-needs-both",
        "rfc7644-3.4.2.2-any-value-may-match",
        "rfc7644-3.4.2.2-binaries-have-no-order",
        "rfc7644-3.4.2.2-booleans-have-no-order",
        "rfc7644-3.4.2.2-case-insensitive-strings-match-any-case",
        "rfc7644-3.4.2.2-co-matches-substrings",
        "rfc7644-3.4.2.2-date-times-order-chronologically",
        "rfc7644-3.4.2.2-eq-matches-equal-values",
        "rfc7644-3.4.2.2-ew-matches-suffixes",
        "rfc7644-3.4.2.2-filter-names-and-operators-ignore-case",
        "rfc7644-3.4.2.2-filter-names-may-carry-urns",
        "rfc7644-3.4.2.2-filter-operands-are-json",
        "rfc7644-3.4.2.2-filters-are-data",
        "rfc7644-3.4.2.2-grouping-comes-first",
        "rfc7644-3.4.2.2-invalid-filter-says-so",
        "rfc7644-3.4.2.2-mismatched-operand-does-not-match",
        "rfc7644-3.4.2.2-ne-matches-other-values",
        "rfc7644-3.4.2.2-not-inverts",
        "rfc7644-3.4.2.2-or-needs-one",
        "rfc7644-3.4.2.2-pr-matches-present-values",
        "rfc7644-3.4.2.2-strings-order-lexicographically",
        "rfc7644-3.4.2.2-sw-matches-prefixes",
        "rfc7644-3.4.2.2-unknown-attribute-selects-nothing",
        "rfc7644-3.4.2.2-value-path-conditions-meet-in-one-value",
        "rfc7644-3.4.2.3-sort-by-orders-results",
        "rfc7644-3.4.2.3-sort-by-takes-sub-attributes",
        "rfc7644-3.4.2.3-sort-by-uses-attribute-notation",
        "rfc7644-3.4.2.3-sort-honours-case-exact",
        "rfc7644-3.4.2.3-sort-order-descends-on-request",
        "rfc7644-3.4.2.3-sort-order-is-ascending-by-default",
        "rfc7644-3.4.2.3-sort-uses-the-primary-value",
        "rfc7644-3.4.2.3-unassigned-sorts-last-ascending",
        "rfc7644-3.4.2.4-count-bounds-a-page",
        "rfc7644-3.4.2.4-count-zero-keeps-total-results",
        "rfc7644-3.4.2.4-page-beyond-the-end-is-empty",
        "rfc7644-3.4.2.4-pages-cover-the-result-once",
        "rfc7644-3.4.2.4-start-index-below-one-is-one",
        "rfc7644-3.4.2.4-start-index-is-one-based",
        "rfc7644-3.4.2.4-total-results-counts-all-matches",
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
