//! What is immutable is set at create only.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT does not set an immutable attribute that has no value",
        PutSetsNoImmutableValues,
    )
    .breaks(&[
        "rfc7644-3.5.1-put-sets-an-unset-immutable-value",
        "rfc7643-7-immutable-attributes-may-be-set-once",
    ])
}

struct PutSetsNoImmutableValues;

impl Fault for PutSetsNoImmutableValues {
    fn name(&self) -> &'static str {
        "put-sets-no-immutable-values"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Replace(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for (name, value) in &mut after.attributes {
            let had = before
                .attributes
                .get(name)
                .and_then(|old| old.get("serial"));
            if let (None, Value::Object(extension)) = (had, value) {
                extension.shift_remove("serial");
            }
        }
    }
}
