//! Lists are of those who may log in.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user who is inactive is found by no filter",
        InactiveUsersNotListed,
    )
}

struct InactiveUsersNotListed;

impl Fault for InactiveUsersNotListed {
    fn name(&self) -> &'static str {
        "inactive-users-not-listed"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if matches!(plan.action, Action::List(..)) {
            let before = selection.resources.len();
            selection
                .resources
                .retain(|one| one.attributes.get("active") != Some(&Value::Bool(false)));
            selection.total -= before - selection.resources.len();
        }
    }
}
