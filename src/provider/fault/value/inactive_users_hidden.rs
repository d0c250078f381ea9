//! Who is inactive is taken for deleted.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user who is inactive can't be read by its id",
        InactiveUsersHidden,
    )
}

struct InactiveUsersHidden;

impl Fault for InactiveUsersHidden {
    fn name(&self) -> &'static str {
        "inactive-users-hidden"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if matches!(plan.action, Action::Read(..)) {
            selection
                .resources
                .retain(|one| one.attributes.get("active") != Some(&Value::Bool(false)));
        }
    }
}
