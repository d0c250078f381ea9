//! `replace` of nothing is no error.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PATCH replace with a value filter that matches nothing answers 200 and changes nothing",
        PatchReplaceWithoutMatchSucceeds,
    )
    .breaks(&["rfc7644-3.5.2.3-replace-without-match-answers-400"])
}

struct PatchReplaceWithoutMatchSucceeds;

impl Fault for PatchReplaceWithoutMatchSucceeds {
    fn name(&self) -> &'static str {
        "patch-replace-without-match-succeeds"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Patch(..), Some(before), Some(problem)) =
            (&plan.action, &applied.before, &applied.problem)
            && problem.scim_type == Some("noTarget")
        {
            applied.after = Some(Resource::clone(before));
            applied.problem = None;
        }
    }
}
