//! Between two pages a resource is left out.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A page after the first leaves a resource out",
        PagesLeaveGaps,
    )
    .breaks(&["rfc7644-3.4.2.4-pages-cover-the-result-once"])
}

struct PagesLeaveGaps;

impl Fault for PagesLeaveGaps {
    fn name(&self) -> &'static str {
        "pages-leave-gaps"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan)
            && query.start_index > 1
        {
            query.start_index = query.start_index.saturating_add(1);
        }
    }
}
