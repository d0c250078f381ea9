//! A page has one resource more than asked for.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A page holds one resource more than count",
        PageHoldsOneTooMany,
    )
    .breaks(&["rfc7644-3.4.2.4-count-bounds-a-page"])
}

struct PageHoldsOneTooMany;

impl Fault for PageHoldsOneTooMany {
    fn name(&self) -> &'static str {
        "page-holds-one-too-many"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan)
            && query.count > 0
        {
            query.count = query.count.saturating_add(1);
        }
    }
}
