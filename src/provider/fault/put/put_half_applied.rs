//! A PUT is stored member by member until one is wrong.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT that is refused has changed the title before",
        PutHalfApplied,
    )
    .breaks(&["rfc7644-3.5.1-refused-put-changes-nothing"])
}

struct PutHalfApplied;

impl Fault for PutHalfApplied {
    fn name(&self) -> &'static str {
        "put-half-applied"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(before), Some(_)) =
            (&plan.action, &applied.before, &applied.problem)
            && let Some(title) = body.get("title")
        {
            let mut after = Resource::clone(before);
            after
                .attributes
                .insert(String::from("title"), title.clone());
            applied.after = Some(after);
        }
    }
}
