//! Reads by id come from a copy that follows late.

use super::history::History;
use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "For ten seconds a read by id shows a changed or deleted resource as it was before",
        ChangesAreReadLate::default(),
    )
}

#[derive(Default)]
struct ChangesAreReadLate {
    history: History,
}

impl Fault for ChangesAreReadLate {
    fn name(&self) -> &'static str {
        "changes-are-read-late"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        self.history.follow(plan, committed);
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if let Action::Read(kind, id) = &plan.action
            && let Some(earlier) = self.history.earlier(id, plan.now)
            && earlier.kind == *kind
        {
            selection.resources = vec![earlier];
            selection.total = 1;
        }
    }
}
