//! Lists show those who are active.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Lists leave deactivated users out, by userName too",
        DeactivatedUsersHidden,
    )
}

struct DeactivatedUsersHidden;

impl Fault for DeactivatedUsersHidden {
    fn name(&self) -> &'static str {
        "deactivated-users-hidden"
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if !matches!(plan.action, Action::List(..)) {
            return;
        }
        let found = selection.resources.len();
        selection
            .resources
            .retain(|resource| !is_deactivated(resource));
        let hidden = found - selection.resources.len();
        selection.total = selection.total.saturating_sub(hidden);
    }
}

fn is_deactivated(resource: &Resource) -> bool {
    resource.kind == Kind::User && resource.attributes.get("active") == Some(&Value::Bool(false))
}
