//! Who is primary is settled after the first operation.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A primary value that comes with a later operation leaves the old one primary",
        PatchLaterPrimaryNotDemoted,
    )
    .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
    .only_by("probe.patch")
}

struct PatchLaterPrimaryNotDemoted;

impl Fault for PatchLaterPrimaryNotDemoted {
    fn name(&self) -> &'static str {
        "patch-later-primary-not-demoted"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        if operations.len() < 2 {
            return;
        }
        for (name, values) in &mut after.attributes {
            let old = before.attributes.get(name).and_then(Value::as_array);
            let primary = |value: &&Value| value.get("primary") == Some(&Value::Bool(true));
            let Some(old) = old.and_then(|old| old.iter().find(primary)) else {
                continue;
            };
            for value in values.as_array_mut().into_iter().flatten() {
                if value.get("value") == old.get("value") && value.get("primary").is_some() {
                    value["primary"] = Value::Bool(true);
                }
            }
        }
    }
}
