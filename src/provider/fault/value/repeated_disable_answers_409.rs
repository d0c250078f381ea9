//! The state machine knows no step from inactive to inactive.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A disable of a user who is inactive already is refused with 409",
        RepeatedDisableAnswers409,
    )
}

struct RepeatedDisableAnswers409;

impl Fault for RepeatedDisableAnswers409 {
    fn name(&self) -> &'static str {
        "repeated-disable-answers-409"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let inactive = |one: &Resource| one.attributes.get("active") == Some(&Value::Bool(false));
        let was = applied.before.as_deref().is_some_and(inactive);
        let is = applied.after.as_ref().is_some_and(inactive);
        if was && is && matches!(plan.action, Action::Patch(..) | Action::Replace(..)) {
            applied.after = None;
            applied.problem = Some(Problem::new(409, "the user must be active"));
        }
    }
}
