//! What has not changed is not written, and the extensions are taken for not there.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

/// It takes a combination that no scenario sends, so that only the probe of PUT sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT that changes nothing of the core attributes drops the extensions",
        PutUnchangedDropsExtensions,
    )
}

struct PutUnchangedDropsExtensions;

impl Fault for PutUnchangedDropsExtensions {
    fn name(&self) -> &'static str {
        "put-unchanged-drops-extensions"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        {
            let core = |attributes: &Map<String, Value>| -> Map<String, Value> {
                let core = attributes
                    .iter()
                    .filter(|(name, _)| !name.starts_with("urn:"));
                core.map(|(name, value)| (name.clone(), value.clone()))
                    .collect()
            };
            if body.len() > 3 && core(&before.attributes) == core(&after.attributes) {
                after.attributes.retain(|name, _| !name.starts_with("urn:"));
            }
        }
    }
}
