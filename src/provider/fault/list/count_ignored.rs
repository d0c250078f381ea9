//! `count` is ignored.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("count does not bound a page", CountIgnored)
        .breaks(&["rfc7644-3.4.2.4-count-bounds-a-page"])
}

struct CountIgnored;

impl Fault for CountIgnored {
    fn name(&self) -> &'static str {
        "count-ignored"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.count = usize::MAX;
        }
    }
}
