//! `startIndex` is taken for the number of a page.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "startIndex is taken for the number of a page",
        StartIndexCountsPages,
    )
    .breaks(&["rfc7644-3.4.2.4-start-index-is-one-based"])
}

struct StartIndexCountsPages;

impl Fault for StartIndexCountsPages {
    fn name(&self) -> &'static str {
        "start-index-counts-pages"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            let pages = query.start_index.saturating_sub(1);
            query.start_index = pages.saturating_mul(query.count.max(1)).saturating_add(1);
        }
    }
}
