//! `startIndex` is taken as an offset from 0.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "startIndex counts from 0, so the first resource is never on the first page",
        StartIndexFromZero,
    )
    .breaks(&["rfc7644-3.4.2.4-start-index-is-one-based"])
}

struct StartIndexFromZero;

impl Fault for StartIndexFromZero {
    fn name(&self) -> &'static str {
        "start-index-from-zero"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan) {
            query.start_index = query.start_index.saturating_add(1);
        }
    }
}
