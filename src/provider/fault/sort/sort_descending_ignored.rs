//! `sortOrder=descending` is ignored.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("sortOrder=descending sorts upwards", SortDescendingIgnored)
        .breaks(&["rfc7644-3.4.2.3-sort-order-descends-on-request"])
}

struct SortDescendingIgnored;

impl Fault for SortDescendingIgnored {
    fn name(&self) -> &'static str {
        "sort-descending-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.descending = false;
        }
    }
}
