//! Reads by id and lists come from a copy that follows soon: what is eventually consistent does no wrong.

use jiff::SignedDuration;

use super::changes_reach_lists_late::as_before;
use super::history::History;
use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

/// How late readers are.
const MOMENT: SignedDuration = SignedDuration::from_millis(300);

pub(super) fn declare() -> Declaration {
    let fault = ChangesAreReadAMomentLate {
        history: History::of(MOMENT),
    };
    Declaration::new(
        "For 300 ms reads by id and lists show a changed or deleted resource as it was before",
        fault,
    )
}

struct ChangesAreReadAMomentLate {
    history: History,
}

impl Fault for ChangesAreReadAMomentLate {
    fn name(&self) -> &'static str {
        "changes-are-read-a-moment-late"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        self.history.follow(plan, committed);
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        match &plan.action {
            Action::Read(kind, id) => {
                if let Some(earlier) = self.history.earlier(id, plan.now)
                    && earlier.kind == *kind
                {
                    selection.resources = vec![earlier];
                    selection.total = 1;
                }
            }
            Action::List(kinds, query) => {
                as_before(&self.history, plan.now, (kinds, query), selection);
            }
            _ => {}
        }
    }
}
