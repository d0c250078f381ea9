//! `replace` without a path is a PUT.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace without a path unassigns the attributes that its value leaves out",
        PatchReplaceWithoutPathReplacesAll,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-without-path-replaces-attributes"])
}

struct PatchReplaceWithoutPathReplacesAll;

impl Fault for PatchReplaceWithoutPathReplacesAll {
    fn name(&self) -> &'static str {
        "patch-replace-without-path-replaces-all"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Patch(_, _, operations), Some(after)) = (&plan.action, &mut applied.after) {
            for Operation {
                op, target, value, ..
            } in operations
            {
                if let (Op::Replace, None, Some(value)) = (*op, target, value) {
                    after.attributes.retain(|name, _| {
                        ["userName", "displayName", "members"].contains(&name.as_str())
                            || value.get(name).is_some()
                    });
                }
            }
        }
    }
}
