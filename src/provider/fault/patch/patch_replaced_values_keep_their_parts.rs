//! Values are merged with those that have the same `value`.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Op;
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new("PATCH replace of a multi-valued attribute leaves the sub-attributes of a value that was there before", PatchReplacedValuesKeepTheirParts)
        .breaks(&["rfc7644-3.5.2.3-replace-sets-all-values", "rfc7644-3.5.2.3-replace-without-path-replaces-attributes"])
        .only_by("probe.patch")
}

struct PatchReplacedValuesKeepTheirParts;

impl Fault for PatchReplacedValuesKeepTheirParts {
    fn name(&self) -> &'static str {
        "patch-replaced-values-keep-their-parts"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for operation in operations.iter().filter(|it| it.op == Op::Replace) {
            let Some(target) = operation.target.as_ref().filter(|it| it.filter.is_none()) else {
                continue;
            };
            let name = &target.attribute.name;
            let (Some(Value::Array(old)), Some(Value::Array(new))) =
                (before.attributes.get(name), after.attributes.get_mut(name))
            else {
                continue;
            };
            for value in new.iter_mut().filter_map(Value::as_object_mut) {
                let same = |old: &&Value| old.get("value") == value.get("value");
                if let Some(Value::Object(old)) = old.iter().find(same) {
                    for (name, part) in old.iter().filter(|(name, _)| *name != "primary") {
                        value.entry(name.clone()).or_insert_with(|| part.clone());
                    }
                }
            }
        }
    }
}
