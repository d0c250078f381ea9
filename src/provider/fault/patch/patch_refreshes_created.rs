//! A changed resource is a new one.

use jiff::SignedDuration;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new("PATCH sets meta.created anew", PatchRefreshesCreated)
}

struct PatchRefreshesCreated;

impl Fault for PatchRefreshesCreated {
    fn name(&self) -> &'static str {
        "patch-refreshes-created"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Patch(..), Some(after)) = (&plan.action, &mut applied.after) {
            after.created = after
                .created
                .checked_add(SignedDuration::from_secs(1))
                .unwrap_or(after.created);
        }
    }
}
