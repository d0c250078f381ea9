//! Only paths are looked through for extensions.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::scim::urn;

pub(super) fn declare() -> Declaration {
    Declaration::new("An extension that comes with the value of a PATCH operation without path gets lost where a path brings another change", PatchExtensionUnlistedWithoutPath)
        .breaks(&["rfc7644-3.5.2-operations-apply-in-order"])
        .only_by("probe.patch")
}

struct PatchExtensionUnlistedWithoutPath;

impl Fault for PatchExtensionUnlistedWithoutPath {
    fn name(&self) -> &'static str {
        "patch-extension-unlisted-without-path"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        let pathless = operations.iter().any(|it| it.target.is_none());
        let path = operations.iter().any(|it| it.target.is_some());
        if pathless && path {
            after
                .attributes
                .retain(|name, _| !urn::is_urn(name) || before.attributes.contains_key(name));
        }
    }
}
