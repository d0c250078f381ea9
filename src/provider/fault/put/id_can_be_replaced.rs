//! `id` in the body of a PUT is taken over.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new("PUT takes over the id in its body", IdCanBeReplaced)
        .breaks(&["rfc7643-3.1-id-is-read-only"])
}

struct IdCanBeReplaced;

impl Fault for IdCanBeReplaced {
    fn name(&self) -> &'static str {
        "id-can-be-replaced"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(after)) = (&plan.action, &mut applied.after)
            && let Some(id) = body.get("id")
        {
            after.attributes.insert(String::from("id"), id.clone());
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if let Some(id) = resource.attributes.get("id") {
            shown.insert(String::from("id"), id.clone());
        }
    }
}
