//! Resources without the attribute vanish.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Resources without the attribute are left out when sorted by it",
        SortDropsUnassigned,
    )
    .breaks(&["rfc7644-3.4.2.3-unassigned-sorts-last-ascending"])
}

struct SortDropsUnassigned;

impl Fault for SortDropsUnassigned {
    fn name(&self) -> &'static str {
        "sort-drops-unassigned"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        let Action::List(_, query) = &plan.action else {
            return;
        };
        let Some(path) = query.sort_by.as_ref().filter(|path| path.urn.is_none()) else {
            return;
        };
        let stored = ["title", "nickName", "displayName"];
        if stored.contains(&path.name.as_str()) {
            selection
                .resources
                .retain(|resource| resource.attributes.contains_key(&path.name));
            selection.total = selection.resources.len();
        }
    }
}
