//! A PATCH changes the answer only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::provider::apply::Applied;
use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The answer to a PATCH shows the change, and nothing is stored",
        PatchShownNotStored::default(),
    )
    .breaks(&[
        "rfc7644-3.5.2.3-replace-sets-a-single-value",
        "rfc7644-3.5.2.1-add-appends-values",
        "rfc7644-3.5.2.2-remove-unassigns-a-single-value",
    ])
}

#[derive(Default)]
struct PatchShownNotStored {
    unsaved: Mutex<HashMap<String, Resource>>,
}

impl Fault for PatchShownNotStored {
    fn name(&self) -> &'static str {
        "patch-shown-not-stored"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Patch(_, id, _), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        {
            let unsaved = Resource::clone(after);
            after.attributes.clone_from(&before.attributes);
            self.unsaved
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(id.clone(), unsaved);
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let Action::Patch(_, id, _) = &plan.action else {
            return;
        };
        let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = unsaved.remove(id) {
            committed.after = Some(Arc::new(shown));
        }
    }
}
