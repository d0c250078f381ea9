//! `remove` with a value removes the others.

use serde_json::Value;

use super::outcome::each_list;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Op;
use crate::provider::plan::Plan;

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
        each_list(plan, applied, Op::Remove, |aimed| {
            let Some(Value::Array(named)) = aimed.value else {
                return;
            };
            let named = |value: &&Value| {
                let mut named = named.iter();
                named.any(|one| one.get("value") == value.get("value"))
            };
            let kept: Vec<Value> = aimed.old.iter().filter(named).cloned().collect();
            let name = aimed.target.attribute.name.clone();
            aimed.after.insert(name, kept.into());
        });
    }
}
