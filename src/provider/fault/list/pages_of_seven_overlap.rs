//! A page of one size is counted wrongly.

use crate::provider::fault::rewrite::query;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new("Pages of seven begin one too early", PagesOfSevenOverlap)
}

struct PagesOfSevenOverlap;

impl Fault for PagesOfSevenOverlap {
    fn name(&self) -> &'static str {
        "pages-of-seven-overlap"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Some(query) = query(plan)
            && query.count == 7
            && query.start_index > 1
        {
            query.start_index -= 1;
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        // Told is what was asked for.
        if let Action::List(_, query) = &plan.action
            && query.count == 7
            && selection.start_index > 1
            && !selection.by_cursor
        {
            selection.start_index += 1;
        }
    }
}
