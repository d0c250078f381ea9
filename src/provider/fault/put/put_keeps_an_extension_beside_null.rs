//! PUT falls back to merging as soon as one attribute is null.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

/// It takes a combination that no scenario sends, so that only the probe of PUT sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT that sets an attribute to null keeps an extension that it leaves out",
        PutKeepsAnExtensionBesideNull,
    )
}

struct PutKeepsAnExtensionBesideNull;

impl Fault for PutKeepsAnExtensionBesideNull {
    fn name(&self) -> &'static str {
        "put-keeps-an-extension-beside-null"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
            && body.values().any(Value::is_null)
        {
            for (name, value) in &before.attributes {
                if name.starts_with("urn:") && !after.attributes.contains_key(name) {
                    after.attributes.insert(name.clone(), value.clone());
                }
            }
        }
    }
}
