//! `remove` of a list removes its first value.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH remove of a multi-valued attribute removes its first value only",
        PatchRemoveTakesTheFirstValue,
    )
    .breaks(&["rfc7644-3.5.2.2-remove-unassigns-all-values"])
}

struct PatchRemoveTakesTheFirstValue;

impl Fault for PatchRemoveTakesTheFirstValue {
    fn name(&self) -> &'static str {
        "patch-remove-takes-the-first-value"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for Operation { op, target, value } in operations {
            let (Op::Remove, Some(target), None) = (*op, target, value) else {
                continue;
            };
            let name = &target.attribute.name;
            if let Some(Value::Array(old)) = before.attributes.get(name)
                && !after.attributes.contains_key(name)
                && target.filter.is_none()
                && old.len() > 1
            {
                let rest = old.iter().skip(1).cloned().collect();
                after.attributes.insert(name.clone(), rest);
            }
        }
    }
}
