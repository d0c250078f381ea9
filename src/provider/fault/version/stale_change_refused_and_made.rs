//! The precondition is checked after the change.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Condition, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A change with an outdated tag is answered with 412 and made all the same",
        StaleChangeRefusedAndMade::default(),
    )
    .breaks(&["rfc7644-3.14-if-match-guards-changes"])
}

/// Remembers what the changes under way ask for, by id.
#[derive(Default)]
struct StaleChangeRefusedAndMade(Mutex<HashMap<String, Vec<String>>>);

impl Fault for StaleChangeRefusedAndMade {
    fn name(&self) -> &'static str {
        "stale-change-refused-and-made"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan
            && let Some(id) = changed(plan).map(str::to_owned)
            && let Some(Condition::Tags(tags)) = plan.if_match.take()
        {
            let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            asked.insert(id, tags);
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tags = changed(plan).and_then(|id| asked.remove(id));
        if let (Some(tags), Some(before)) = (tags, &committed.before) {
            let current = format!("\"{:x}\"", before.version);
            if !tags.iter().any(|tag| tag.ends_with(&current)) {
                committed.problem = Some(Problem::new(412, "the resource has changed"));
            }
        }
    }
}

/// The resource that a plan changes.
fn changed(plan: &Plan) -> Option<&str> {
    match &plan.action {
        Action::Replace(_, id, _) | Action::Patch(_, id, _) => Some(id),
        _ => None,
    }
}
