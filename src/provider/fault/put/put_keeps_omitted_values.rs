//! PUT merges instead of replacing.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PUT keeps the values that the body leaves out",
        PutKeepsOmittedValues,
    )
    .breaks(&["rfc7644-3.5.1-put-clears-omitted-values"])
}

struct PutKeepsOmittedValues;

impl Fault for PutKeepsOmittedValues {
    fn name(&self) -> &'static str {
        "put-keeps-omitted-values"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        {
            for (name, value) in &before.attributes {
                if !after.attributes.contains_key(name) {
                    after.attributes.insert(name.clone(), value.clone());
                }
            }
        }
    }
}
