//! `add` looks at a single value alone.

use serde_json::Value;

use super::outcome::each_list;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Op;
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH add of a value that is there already beside others stores it twice",
        PatchAddDuplicatesBesideOthers,
    )
    .breaks(&["rfc7644-3.5.2.1-add-does-not-duplicate"])
    .only_by("probe.patch")
}

struct PatchAddDuplicatesBesideOthers;

impl Fault for PatchAddDuplicatesBesideOthers {
    fn name(&self) -> &'static str {
        "patch-add-duplicates-beside-others"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        each_list(plan, applied, Op::Add, |aimed| {
            let name = &aimed.target.attribute.name;
            if aimed.old.len() < 2 || name == "members" {
                return;
            }
            let added = match aimed.value {
                Some(Value::Array(added)) => added.as_slice(),
                Some(one) => std::slice::from_ref(one),
                None => return,
            };
            let again: Vec<Value> = added
                .iter()
                .filter(|value| aimed.old.contains(value))
                .cloned()
                .collect();
            if let Some(Value::Array(new)) = aimed.after.get_mut(name) {
                new.extend(again);
            }
        });
    }
}
