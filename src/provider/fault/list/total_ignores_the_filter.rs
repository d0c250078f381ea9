//! `totalResults` counts what the filter leaves out too.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "totalResults counts all resources, whatever the filter selects",
        TotalIgnoresTheFilter,
    )
    .breaks(&["rfc7644-3.4.2.4-total-results-counts-all-matches"])
}

struct TotalIgnoresTheFilter;

impl Fault for TotalIgnoresTheFilter {
    fn name(&self) -> &'static str {
        "total-ignores-the-filter"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if matches!(&plan.action, Action::List(_, query) if query.filter.is_some()) {
            selection.total += 7;
        }
    }
}
