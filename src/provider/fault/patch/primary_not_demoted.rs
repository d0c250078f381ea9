//! The old primary value stays primary.

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A new primary value leaves the old one primary",
        PrimaryNotDemoted,
    )
    .breaks(&[
        "rfc7644-3.5.2-new-primary-demotes-the-old",
        "rfc7643-2.4-one-primary-at-most",
    ])
}

struct PrimaryNotDemoted;

impl Fault for PrimaryNotDemoted {
    fn name(&self) -> &'static str {
        "primary-not-demoted"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        for (name, values) in &mut after.attributes {
            let (Some(old), Some(new)) = (
                before.attributes.get(name).and_then(Value::as_array),
                values.as_array_mut(),
            ) else {
                continue;
            };
            let primary = old
                .iter()
                .find(|value| value.get("primary") == Some(&Value::Bool(true)));
            let Some(primary) = primary.and_then(|value| value.get("value")) else {
                continue;
            };
            for value in new.iter_mut().filter_map(Value::as_object_mut) {
                if value.get("value") == Some(primary) {
                    value.insert(String::from("primary"), Value::Bool(true));
                }
            }
        }
    }
}
