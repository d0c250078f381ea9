//! Pages first, filters afterwards.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A filter is applied to the page, not to all resources",
        FilterAppliedToThePage,
    )
    .breaks(&["rfc7644-3.4.2.2-filter-selects-matching-resources-only"])
}

struct FilterAppliedToThePage;

impl Fault for FilterAppliedToThePage {
    fn name(&self) -> &'static str {
        "filter-applied-to-the-page"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::List(_, query) = &plan.action else {
            return;
        };
        if query.filter.is_none() {
            return;
        }
        // The place of a resource in the unfiltered list.
        let page = query.start_index..query.start_index.saturating_add(query.count.min(20));
        selection
            .resources
            .retain(|resource| page.contains(&usize::try_from(resource.sequence).unwrap_or(0)));
        selection.total = selection.resources.len();
    }
}
