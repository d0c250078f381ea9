//! The order is turned after the page is cut.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Only the resources of one page are turned round where the order descends",
        DescendingPagesTurned,
    )
}

struct DescendingPagesTurned;

impl Fault for DescendingPagesTurned {
    fn name(&self) -> &'static str {
        "descending-pages-turned"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::List(_, query) = &plan.action else {
            return;
        };
        // What is cut first and turned then differs where the result has more than two pages.
        if query.descending && selection.total > query.count.saturating_mul(2) {
            selection.resources.reverse();
        }
    }
}
