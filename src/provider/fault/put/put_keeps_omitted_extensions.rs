//! PUT leaves extensions alone.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PUT keeps an extension that the body leaves out",
        PutKeepsOmittedExtensions,
    )
    .breaks(&["rfc7644-3.5.1-put-clears-omitted-values"])
}

struct PutKeepsOmittedExtensions;

impl Fault for PutKeepsOmittedExtensions {
    fn name(&self) -> &'static str {
        "put-keeps-omitted-extensions"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        {
            for (name, value) in &before.attributes {
                if name.starts_with("urn:") && !after.attributes.contains_key(name) {
                    after.attributes.insert(name.clone(), value.clone());
                }
            }
        }
    }
}
