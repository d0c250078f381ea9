//! An extension that a resource once had is demanded of it.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::scim::urn;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PUT without an optional extension that the user has is refused",
        ExtensionDemandedOnceGiven,
    )
    .breaks(&["rfc7643-3.3-optional-extension-may-be-absent"])
}

struct ExtensionDemandedOnceGiven;

impl Fault for ExtensionDemandedOnceGiven {
    fn name(&self) -> &'static str {
        "extension-demanded-once-given"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(before)) = (&plan.action, &applied.before)
            && before.attributes.contains_key(urn::ENTERPRISE_USER)
            && !body.contains_key(urn::ENTERPRISE_USER)
        {
            applied.after = None;
            applied.problem = Some(Problem::value("the extension is missing"));
        }
    }
}
