//! A PUT takes an empty array for a value that was not sent, and keeps what was there.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PUT with an empty array keeps the values that were there",
        PutKeepsEmptiedValues,
    )
    .breaks(&["rfc7643-2.5-null-and-empty-array-unassign"])
}

struct PutKeepsEmptiedValues;

impl Fault for PutKeepsEmptiedValues {
    fn name(&self) -> &'static str {
        "put-keeps-emptied-values"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        {
            for (name, value) in &before.attributes {
                if body.get(name) == Some(&Value::Array(Vec::new())) {
                    after.attributes.insert(name.clone(), value.clone());
                }
            }
        }
    }
}
