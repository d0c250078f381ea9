//! Only one value of a multi-valued attribute is stored.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A create stores the first of several emails only, though the answer shows all",
        CreatedValuesTruncated,
    )
    .breaks(&["rfc7644-3.3-created-resource-is-readable"])
}

struct CreatedValuesTruncated;

impl Fault for CreatedValuesTruncated {
    fn name(&self) -> &'static str {
        "created-values-truncated"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Create(..), Some(after)) = (&plan.action, &mut applied.after)
            && let Some(Value::Array(emails)) = after.attributes.get_mut("emails")
        {
            emails.truncate(1);
        }
    }

    fn shown(&self, plan: &Plan, _resource: &Resource, shown: &mut Map<String, Value>) {
        if let Action::Create(_, body, _) = &plan.action
            && let Some(emails) = body.get("emails")
        {
            shown.insert(String::from("emails"), emails.clone());
        }
    }
}
