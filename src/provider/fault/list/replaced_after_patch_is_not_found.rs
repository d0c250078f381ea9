//! The index of names is not told of a PUT that follows a PATCH.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

/// It takes a sequence that no scenario sends, so that only the probe of the store sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user who was changed by PATCH and then by PUT is in no list any more",
        ReplacedAfterPatchIsNotFound::default(),
    )
}

#[derive(Default)]
struct ReplacedAfterPatchIsNotFound {
    /// Changed users, and whether they were lost.
    changed: Mutex<HashMap<String, bool>>,
}

impl Fault for ReplacedAfterPatchIsNotFound {
    fn name(&self) -> &'static str {
        "replaced-after-patch-is-not-found"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if matches!(plan.action, Action::List(..)) {
            let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
            let before = selection.resources.len();
            selection
                .resources
                .retain(|resource| changed.get(&*resource.id) != Some(&true));
            let lost = before - selection.resources.len();
            selection.total = selection.total.saturating_sub(lost);
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        match (&plan.action, &committed.after) {
            (Action::Patch(_, id, _), Some(_)) => {
                changed.insert(id.clone(), false);
            }
            (Action::Replace(_, id, _), Some(_)) => {
                if let Some(lost) = changed.get_mut(id) {
                    *lost = true;
                }
            }
            _ => {}
        }
    }
}
