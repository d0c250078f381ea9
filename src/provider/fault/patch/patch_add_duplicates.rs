//! `add` appends without looking.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add of a value that is there already stores it twice",
        PatchAddDuplicates,
    )
    .breaks(&["rfc7644-3.5.2.1-add-does-not-duplicate"])
}

struct PatchAddDuplicates;

impl Fault for PatchAddDuplicates {
    fn name(&self) -> &'static str {
        "patch-add-duplicates"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for Operation { op, target, value } in operations {
            let (Op::Add, Some(target), Some(Value::Array(added))) = (*op, target, value) else {
                continue;
            };
            let name = &target.attribute.name;
            let Some(Value::Array(old)) = before.attributes.get(name) else {
                continue;
            };
            let there =
                |value: &Value| old.iter().any(|old| old.get("value") == value.get("value"));
            let again: Vec<Value> = added.iter().filter(|value| there(value)).cloned().collect();
            if let Some(Value::Array(new)) = after.attributes.get_mut(name) {
                new.extend(again);
            }
        }
    }
}
