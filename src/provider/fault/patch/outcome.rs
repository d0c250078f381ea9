//! What a PATCH made of a resource, for the faults that make something else of it.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::patch::{Op, Operation, Target};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

/// Refuses a PATCH that changed nothing and whose operations are as `fits` says.
pub(super) fn refuse_idle(
    plan: &Plan,
    applied: &mut Applied,
    fits: impl FnOnce(&[Operation]) -> bool,
    problem: impl FnOnce() -> Problem,
) {
    if let (Action::Patch(_, _, operations), Some(before), Some(after)) =
        (&plan.action, &applied.before, &applied.after)
        && before.attributes == after.attributes
        && fits(operations)
    {
        applied.after = None;
        applied.problem = Some(problem());
    }
}

/// A list that an operation aimed at.
pub(super) struct Aimed<'a> {
    /// Where.
    pub(super) target: &'a Target,
    /// With what.
    pub(super) value: Option<&'a Value>,
    /// Its values before the PATCH.
    pub(super) old: &'a [Value],
    /// The attributes after the PATCH.
    pub(super) after: &'a mut Map<String, Value>,
}

/// Calls `change` for each operation of this kind whose path names a list that had values.
pub(super) fn each_list(
    plan: &Plan,
    applied: &mut Applied,
    kind: Op,
    mut change: impl FnMut(Aimed<'_>),
) {
    let (Action::Patch(_, _, operations), Some(before), Some(after)) =
        (&plan.action, &applied.before, &mut applied.after)
    else {
        return;
    };
    for Operation {
        op, target, value, ..
    } in operations
    {
        if let (true, Some(target)) = (*op == kind, target)
            && let Some(Value::Array(old)) = before.attributes.get(&target.attribute.name)
        {
            change(Aimed {
                target,
                value: value.as_ref(),
                old,
                after: &mut after.attributes,
            });
        }
    }
}
