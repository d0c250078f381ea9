//! PUT is answered and not carried out.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new("PUT answers 200 and changes nothing", PutChangesNothing).breaks(&[
        "rfc7644-3.5.1-put-replaces-values",
        "rfc7644-3.5.1-put-replaces-members",
    ])
}

struct PutChangesNothing;

impl Fault for PutChangesNothing {
    fn name(&self) -> &'static str {
        "put-changes-nothing"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        {
            after.attributes.clone_from(&before.attributes);
        }
    }
}
