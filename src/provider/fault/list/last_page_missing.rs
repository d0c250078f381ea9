//! A page that is not full is left out.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The last page is empty where it would not be full",
        LastPageMissing,
    )
    .breaks(&["rfc7644-3.4.2.4-pages-cover-the-result-once"])
}

struct LastPageMissing;

impl Fault for LastPageMissing {
    fn name(&self) -> &'static str {
        "last-page-missing"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if let Action::List(_, query) = &plan.action
            && query.start_index > 1
            && selection.resources.len() < query.count
        {
            selection.resources.clear();
        }
    }
}
