//! PUT fills in what is required.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT without userName answers 200 and keeps the user as it was",
        PutKeepsARequiredValue,
    )
    .breaks(&["rfc7644-3.5.1-put-without-required-values-is-refused"])
}

struct PutKeepsARequiredValue;

impl Fault for PutKeepsARequiredValue {
    fn name(&self) -> &'static str {
        "put-keeps-a-required-value"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(before), Some(_)) =
            (&plan.action, &applied.before, &applied.problem)
            && !body.contains_key("userName")
            && before.text("userName").is_some()
        {
            applied.after = Some(Resource::clone(before));
            applied.problem = None;
        }
    }
}
