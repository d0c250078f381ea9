//! sortBy is ignored where there is a cursor.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("With a cursor sortBy is ignored", CursorPagesUnsorted)
        .breaks(&["rfc9865-2.2-cursor-pages-are-sorted"])
}

struct CursorPagesUnsorted;

impl Fault for CursorPagesUnsorted {
    fn name(&self) -> &'static str {
        "cursor-pages-unsorted"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan).filter(|query| query.walk.is_some()) {
            query.sort_by = None;
        }
    }
}
