//! PUT adds to the values that are there.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT keeps the old values of a multi-valued attribute beside the new ones",
        PutAppendsValues,
    )
    .breaks(&[
        "rfc7644-3.5.1-put-replaces-values",
        "rfc7644-3.5.1-put-replaces-members",
    ])
}

struct PutAppendsValues;

impl Fault for PutAppendsValues {
    fn name(&self) -> &'static str {
        "put-appends-values"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Replace(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for (name, value) in &mut after.attributes {
            if let (Value::Array(new), Some(Value::Array(old))) =
                (value, before.attributes.get(name))
            {
                let kept = old.iter().filter(|value| !new.contains(value)).cloned();
                let kept: Vec<Value> = kept.collect();
                new.extend(kept);
            }
        }
    }
}
