//! A PUT is a new beginning.

use jiff::SignedDuration;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new("PUT sets meta.created anew", PutRefreshesCreated)
        .breaks(&["rfc7643-7-read-only-attributes-do-not-change"])
}

struct PutRefreshesCreated;

impl Fault for PutRefreshesCreated {
    fn name(&self) -> &'static str {
        "put-refreshes-created"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(..), Some(after)) = (&plan.action, &mut applied.after) {
            after.created = after
                .created
                .checked_add(SignedDuration::from_millis(10))
                .unwrap_or(after.created);
        }
    }
}
