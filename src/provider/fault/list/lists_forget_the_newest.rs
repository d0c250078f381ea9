//! The newest resource is missing in lists.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The resource that was created last is missing from every list",
        ListsForgetTheNewest,
    )
    .breaks(&["rfc7644-3.4.2-lists-hold-all-resources"])
}

struct ListsForgetTheNewest;

impl Fault for ListsForgetTheNewest {
    fn name(&self) -> &'static str {
        "lists-forget-the-newest"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let end = selection.start_index.saturating_sub(1) + selection.resources.len();
        let several = selection.total > 1;
        if matches!(plan.action, Action::List(..)) && several && end == selection.total {
            selection.resources.pop();
            selection.total -= 1;
        }
    }
}
