//! Who is inactive is locked.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A change of an inactive user that does not make it active is refused",
        InactiveUserRefusesChanges,
    )
}

struct InactiveUserRefusesChanges;

impl Fault for InactiveUserRefusesChanges {
    fn name(&self) -> &'static str {
        "inactive-user-refuses-changes"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let inactive = |one: &Resource| one.attributes.get("active") == Some(&Value::Bool(false));
        let was = applied.before.as_deref().is_some_and(inactive);
        let is = applied.after.as_ref().is_some_and(inactive);
        if was && is && matches!(plan.action, Action::Patch(..)) {
            applied.after = None;
            applied.problem = Some(Problem::new(409, "the user must be active"));
        }
    }
}
