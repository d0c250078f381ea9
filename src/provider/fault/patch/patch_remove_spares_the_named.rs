//! `remove` with a value removes the others.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH remove with a value beside its path keeps that value and removes the others",
        PatchRemoveSparesTheNamed,
    )
    .breaks(&["rfc7644-3.5.2.2-remove-with-a-value-spares-others"])
}

struct PatchRemoveSparesTheNamed;

impl Fault for PatchRemoveSparesTheNamed {
    fn name(&self) -> &'static str {
        "patch-remove-spares-the-named"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for Operation { op, target, value } in operations {
            if let (Op::Remove, Some(target), Some(Value::Array(named))) = (*op, target, value)
                && let Some(Value::Array(old)) = before.attributes.get(&target.attribute.name)
            {
                let named = |value: &&Value| {
                    named
                        .iter()
                        .any(|one| one.get("value") == value.get("value"))
                };
                let kept: Vec<Value> = old.iter().filter(named).cloned().collect();
                after
                    .attributes
                    .insert(target.attribute.name.clone(), kept.into());
            }
        }
    }
}
