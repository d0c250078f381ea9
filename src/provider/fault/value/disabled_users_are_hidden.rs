//! A disabled user is taken for a deleted one.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A disabled user can neither be read nor found",
        DisabledUsersAreHidden,
    )
}

struct DisabledUsersAreHidden;

impl Fault for DisabledUsersAreHidden {
    fn name(&self) -> &'static str {
        "disabled-users-are-hidden"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if !matches!(plan.action, Action::Read(..) | Action::List(..)) {
            return;
        }
        let before = selection.resources.len();
        selection
            .resources
            .retain(|resource| resource.attributes.get("active") != Some(&Value::Bool(false)));
        selection.total -= before - selection.resources.len();
    }
}
