//! The row of a new extension is joined in such a way that only one list survives.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

/// It takes a combination that no scenario sends, so that only the probe of PUT sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT that brings an extension loses every list but the first",
        PutLosesListsBesideANewExtension,
    )
}

struct PutLosesListsBesideANewExtension;

impl Fault for PutLosesListsBesideANewExtension {
    fn name(&self) -> &'static str {
        "put-loses-lists-beside-a-new-extension"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        {
            let brought = after
                .attributes
                .keys()
                .any(|name| name.starts_with("urn:") && !before.attributes.contains_key(name));
            if brought {
                let mut lists = 0;
                after.attributes.retain(|_, value| {
                    lists += usize::from(value.is_array());
                    !value.is_array() || lists < 2
                });
            }
        }
    }
}
