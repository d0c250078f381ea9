//! The extensions are stored as one.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::scim::urn;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH that brings an extension drops the others",
        PatchNewExtensionDropsOthers,
    )
    .breaks(&[
        "rfc7644-3.5.2.1-add-sets-a-missing-attribute",
        "rfc7644-3.5.2.1-add-without-path-adds-attributes",
        "rfc7644-3.5.2.3-replace-without-path-replaces-attributes",
        "rfc7644-3.5.2.3-replace-of-a-missing-attribute-adds-it",
        "rfc7644-3.5.2-patch-adds-the-extension-uri",
        "rfc7644-3.5.2-operations-apply-in-order",
    ])
    .only_by("probe.patch")
}

struct PatchNewExtensionDropsOthers;

impl Fault for PatchNewExtensionDropsOthers {
    fn name(&self) -> &'static str {
        "patch-new-extension-drops-others"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        let _ = operations;
        let came = |name: &String| urn::is_urn(name) && !before.attributes.contains_key(name);
        if after.attributes.keys().any(came) {
            after
                .attributes
                .retain(|name, _| !urn::is_urn(name) || !before.attributes.contains_key(name));
        }
    }
}
