//! A page by cursor holds one resource too many.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Action;
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A page by cursor holds one resource more than count",
        CursorCountExceeded,
    )
    .breaks(&["rfc9865-2-count-bounds-a-page"])
}

struct CursorCountExceeded;

impl Fault for CursorCountExceeded {
    fn name(&self) -> &'static str {
        "cursor-count-exceeded"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan).filter(|query| query.walk.is_some() && query.count > 0) {
            query.count += 1;
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        // A cursor keeps the count that was asked for, so that the walk goes on.
        if let Action::List(_, query) = &plan.action {
            for cursor in [&mut selection.next, &mut selection.previous]
                .into_iter()
                .flatten()
            {
                cursor.count = query.count.saturating_sub(1);
            }
        }
    }
}
