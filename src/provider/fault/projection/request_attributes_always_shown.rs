//! Attributes that are returned on request come unasked.

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "An attribute that is returned on request is always shown",
        RequestAttributesAlwaysShown,
    )
    .breaks(&["rfc7643-7-request-attributes-appear-on-request"])
}

struct RequestAttributesAlwaysShown;

impl Fault for RequestAttributesAlwaysShown {
    fn name(&self) -> &'static str {
        "request-attributes-always-shown"
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let stored = resource
            .attributes
            .get(TRIAL)
            .and_then(|trial| trial.get("hint"));
        if let (Some(hint), Some(Value::Object(trial))) = (stored, shown.get_mut(TRIAL)) {
            trial.insert(String::from("hint"), hint.clone());
        }
    }
}

/// URN of the extension that has such an attribute.
const TRIAL: &str = "urn:example:params:scim:schemas:extension:trial:2.0:User";
