//! A boolean in a string is stored as the string.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Operation;
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH with a boolean in a string stores the string",
        PatchStoresBooleanTexts,
    )
    .breaks(&[
        "rfc7644-3.5.2.3-wrong-type-answers-400",
        "rfc7643-2.3.2-booleans-are-json-literals",
    ])
}

struct PatchStoresBooleanTexts;

impl Fault for PatchStoresBooleanTexts {
    fn name(&self) -> &'static str {
        "patch-stores-boolean-texts"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(_, _, operations), Some(before), Some(_)) =
            (&plan.action, &applied.before, &applied.problem)
        else {
            return;
        };
        let active = |operation: &&Operation| {
            operation
                .target
                .as_ref()
                .is_some_and(|target| target.attribute.name == "active")
        };
        if let Some(Value::String(text)) = operations
            .iter()
            .find(active)
            .and_then(|operation| operation.value.as_ref())
        {
            let mut after = Resource::clone(before);
            let text = Value::from(text.as_str());
            after.attributes.insert(String::from("active"), text);
            applied.after = Some(after);
            applied.problem = None;
        }
    }
}
