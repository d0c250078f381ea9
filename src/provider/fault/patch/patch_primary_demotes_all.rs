//! A new primary value is demoted with the old.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Making a value primary leaves no value primary",
        PatchPrimaryDemotesAll,
    )
    .breaks(&["rfc7644-3.5.2-new-primary-demotes-the-old"])
}

struct PatchPrimaryDemotesAll;

impl Fault for PatchPrimaryDemotesAll {
    fn name(&self) -> &'static str {
        "patch-primary-demotes-all"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for (name, values) in &mut after.attributes {
            let Some(old) = before.attributes.get(name) else {
                continue;
            };
            if old == values {
                continue;
            }
            for value in values.as_array_mut().into_iter().flatten() {
                if let Some(primary) = value.get_mut("primary") {
                    *primary = Value::Bool(false);
                }
            }
        }
    }
}
