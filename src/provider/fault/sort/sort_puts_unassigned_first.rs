//! Missing values sort before all others.

use super::resort::resort;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Resources without the attribute come first in ascending order",
        SortPutsUnassignedFirst,
    )
    .breaks(&["rfc7644-3.4.2.3-unassigned-sorts-last-ascending"])
}

struct SortPutsUnassignedFirst;

impl Fault for SortPutsUnassignedFirst {
    fn name(&self) -> &'static str {
        "sort-puts-unassigned-first"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        resort(plan, selection, |values| {
            Some(values.best().map(str::to_lowercase).unwrap_or_default())
        });
    }
}
