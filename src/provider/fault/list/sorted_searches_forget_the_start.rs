//! A search in order is a way of its own, on which the start was forgotten.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A sorted search by POST begins with the first result whatever its startIndex",
        SortedSearchesForgetTheStart,
    )
}

struct SortedSearchesForgetTheStart;

impl Fault for SortedSearchesForgetTheStart {
    fn name(&self) -> &'static str {
        "sorted-searches-forget-the-start"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan)
            && query.sort_by.is_some()
            && !query.in_url
            && query.count > 3
        {
            query.start_index = 1;
        }
    }
}
