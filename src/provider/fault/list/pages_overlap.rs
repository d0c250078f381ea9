//! Each page begins with the last resource of the one before.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A page after the first begins with a resource of the page before",
        PagesOverlap,
    )
    .breaks(&["rfc7644-3.4.2.4-pages-cover-the-result-once"])
}

struct PagesOverlap;

impl Fault for PagesOverlap {
    fn name(&self) -> &'static str {
        "pages-overlap"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan)
            && query.start_index > 1
        {
            query.start_index -= 1;
        }
    }
}
