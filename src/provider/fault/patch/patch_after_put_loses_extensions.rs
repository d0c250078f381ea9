//! PUT leaves the cache of extensions empty, and PATCH writes back what is in it.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

/// It takes a sequence that no scenario sends, so that only the probe of the store sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The first PATCH of a user after a PUT takes its extensions away",
        PatchAfterPutLosesExtensions::default(),
    )
}

#[derive(Default)]
struct PatchAfterPutLosesExtensions {
    replaced: Mutex<HashSet<String>>,
}

impl Fault for PatchAfterPutLosesExtensions {
    fn name(&self) -> &'static str {
        "patch-after-put-loses-extensions"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let mut replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        match (&plan.action, &applied.before, &mut applied.after) {
            (Action::Replace(_, id, _), ..) => {
                replaced.insert(id.clone());
            }
            (Action::Patch(_, id, _), Some(before), Some(after)) if replaced.remove(id) => {
                let was = &before.attributes;
                after
                    .attributes
                    .retain(|name, _| !(name.starts_with("urn:") && was.contains_key(name)));
            }
            _ => {}
        }
    }
}
