//! Whoever counts pages by division takes one that ends with the result for one behind it.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A last page that is full is answered empty",
        FullLastPageLost,
    )
}

struct FullLastPageLost;

impl Fault for FullLastPageLost {
    fn name(&self) -> &'static str {
        "full-last-page-lost"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::List(_, query) = &plan.action else {
            return;
        };
        let ends = query.start_index.saturating_add(query.count) == selection.total + 1;
        if ends && query.start_index > 1 && !selection.by_cursor {
            selection.resources.clear();
        }
    }
}
