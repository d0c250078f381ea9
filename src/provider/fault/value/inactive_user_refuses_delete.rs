//! Who is inactive is kept for the auditors.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user who is inactive can't be deleted",
        InactiveUserRefusesDelete,
    )
}

struct InactiveUserRefusesDelete;

impl Fault for InactiveUserRefusesDelete {
    fn name(&self) -> &'static str {
        "inactive-user-refuses-delete"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let inactive = |one: &Resource| one.attributes.get("active") == Some(&Value::Bool(false));
        let was = applied.before.as_deref().is_some_and(inactive);
        if was && matches!(plan.action, Action::Delete(..)) {
            applied.problem = Some(Problem::new(403, "an inactive user is kept"));
        }
    }
}
