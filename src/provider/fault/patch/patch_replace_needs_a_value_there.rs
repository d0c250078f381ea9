//! `replace` works on what exists only.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace of an attribute without a value is refused",
        PatchReplaceNeedsAValueThere,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-of-a-missing-attribute-adds-it"])
}

struct PatchReplaceNeedsAValueThere;

impl Fault for PatchReplaceNeedsAValueThere {
    fn name(&self) -> &'static str {
        "patch-replace-needs-a-value-there"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before)) = (&plan.action, &applied.before)
        else {
            return;
        };
        let missing = operations.iter().any(|Operation { op, target, .. }| {
            *op == Op::Replace
                && target.as_ref().is_some_and(|target| {
                    target.attribute.urn.is_none()
                        && target.filter.is_none()
                        && target.attribute.name != "password"
                        && !before
                            .attributes
                            .keys()
                            .any(|name| name.eq_ignore_ascii_case(&target.attribute.name))
                })
        });
        if missing && applied.problem.is_none() {
            applied.after = None;
            applied.problem = Some(Problem::no_target("there is nothing to replace"));
        }
    }
}
