//! Each operation on a part begins with what is stored.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new("PATCH of a sub-attribute after the removal of its attribute brings the other sub-attributes back", PatchRemovedPartsComeBack)
        .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
        .only_by("probe.patch")
}

struct PatchRemovedPartsComeBack;

impl Fault for PatchRemovedPartsComeBack {
    fn name(&self) -> &'static str {
        "patch-removed-parts-come-back"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for (at, removal) in operations.iter().enumerate() {
            let Some(target) = removal
                .target
                .as_ref()
                .filter(|it| removal.op == Op::Remove && it.attribute.sub.is_none())
            else {
                continue;
            };
            let name = &target.attribute.name;
            let later = |it: &Operation| {
                let path = it.target.as_ref().map(|it| &it.attribute);
                it.op != Op::Remove && path.is_some_and(|it| it.name == *name && it.sub.is_some())
            };
            if let (Some(Value::Object(old)), Some(Value::Object(new))) =
                (before.attributes.get(name), after.attributes.get_mut(name))
                && operations.iter().skip(at + 1).any(later)
            {
                for (name, value) in old {
                    new.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
        }
    }
}
