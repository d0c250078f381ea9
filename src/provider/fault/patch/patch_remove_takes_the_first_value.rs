//! `remove` of a list removes its first value.

use super::outcome::each_list;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Op;
use crate::provider::plan::Plan;

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
        each_list(plan, applied, Op::Remove, |aimed| {
            let name = &aimed.target.attribute.name;
            let is_whole = aimed.value.is_none() && aimed.target.filter.is_none();
            if is_whole && aimed.old.len() > 1 && !aimed.after.contains_key(name) {
                let rest = aimed.old.iter().skip(1).cloned().collect();
                aimed.after.insert(name.clone(), rest);
            }
        });
    }
}
