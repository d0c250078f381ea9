//! Values are stored by their type.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Op;
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add of a value takes the place of one with the same type",
        PatchAddReplacesTheSameType,
    )
    .breaks(&["rfc7644-3.5.2.1-add-appends-values"])
    .only_by("probe.patch")
}

struct PatchAddReplacesTheSameType;

impl Fault for PatchAddReplacesTheSameType {
    fn name(&self) -> &'static str {
        "patch-add-replaces-the-same-type"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for operation in operations.iter().filter(|it| it.op == Op::Add) {
            let Some(target) = operation.target.as_ref().filter(|it| it.filter.is_none()) else {
                continue;
            };
            let added = operation.value.as_ref().and_then(Value::as_array);
            let types: Vec<&Value> = added
                .into_iter()
                .flatten()
                .filter_map(|value| value.get("type"))
                .collect();
            let name = &target.attribute.name;
            let old = before.attributes.get(name).and_then(Value::as_array);
            let replaced: Vec<&Value> = old
                .into_iter()
                .flatten()
                .filter(|value| value.get("type").is_some_and(|kind| types.contains(&kind)))
                .collect();
            if let Some(Value::Array(values)) = after.attributes.get_mut(name) {
                let given = |value: &Value| added.is_some_and(|added| added.contains(value));
                values.retain(|value| given(value) || !replaced.contains(&value));
            }
        }
    }
}
