//! PUT checks nothing.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT without userName leaves a user without one",
        PutClearsARequiredValue,
    )
    .breaks(&[
        "rfc7644-3.5.1-put-without-required-values-is-refused",
        "rfc7643-4.1.1-user-name-is-not-empty",
    ])
}

struct PutClearsARequiredValue;

impl Fault for PutClearsARequiredValue {
    fn name(&self) -> &'static str {
        "put-clears-a-required-value"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(before), Some(_)) =
            (&plan.action, &applied.before, &applied.problem)
            && !body.contains_key("userName")
        {
            let mut after = Resource::clone(before);
            after.attributes.shift_remove("userName");
            applied.after = Some(after);
            applied.problem = None;
        }
    }
}
