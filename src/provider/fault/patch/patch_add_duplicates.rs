//! `add` appends without looking.

use serde_json::Value;

use super::outcome::each_list;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Op;
use crate::provider::plan::Plan;

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
        each_list(plan, applied, Op::Add, |aimed| {
            let Some(Value::Array(added)) = aimed.value else {
                return;
            };
            let there = |value: &&Value| {
                let mut old = aimed.old.iter();
                old.any(|old| old.get("value") == value.get("value"))
            };
            let again: Vec<Value> = added.iter().filter(there).cloned().collect();
            if let Some(Value::Array(new)) = aimed.after.get_mut(&aimed.target.attribute.name) {
                new.extend(again);
            }
        });
    }
}
