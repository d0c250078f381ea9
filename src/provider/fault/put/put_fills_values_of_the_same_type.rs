//! Values of a list are matched by type and updated in place, so that parts which are left out stay.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

/// It takes a combination that no scenario sends, so that only the probe of PUT sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A value that a PUT gives with a type keeps the parts of the old value of that type",
        PutFillsValuesOfTheSameType,
    )
}

struct PutFillsValuesOfTheSameType;

impl Fault for PutFillsValuesOfTheSameType {
    fn name(&self) -> &'static str {
        "put-fills-values-of-the-same-type"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        {
            for (name, value) in &mut after.attributes {
                let (Some(Value::Array(old)), Value::Array(new)) =
                    (before.attributes.get(name), value)
                else {
                    continue;
                };
                for new in new.iter_mut().filter_map(Value::as_object_mut) {
                    let typed = |old: &&Value| {
                        old.get("type").is_some() && old.get("type") == new.get("type")
                    };
                    let Some(Value::Object(old)) = old.iter().find(typed) else {
                        continue;
                    };
                    for (part, value) in old {
                        if part != "primary" && !new.contains_key(part) {
                            new.insert(part.clone(), value.clone());
                        }
                    }
                }
            }
        }
    }
}
