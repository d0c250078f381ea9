//! Attributes that are returned on request never come.

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "An attribute that is returned on request is not shown when it is named",
        RequestAttributesNeverShown,
    )
    .breaks(&["rfc7643-7-request-attributes-appear-on-request"])
}

struct RequestAttributesNeverShown;

impl Fault for RequestAttributesNeverShown {
    fn name(&self) -> &'static str {
        "request-attributes-never-shown"
    }

    fn shown(&self, _plan: &Plan, _resource: &Resource, shown: &mut Map<String, Value>) {
        if let Some(Value::Object(trial)) = shown.get_mut(TRIAL) {
            trial.shift_remove("hint");
        }
    }
}

/// URN of the extension that has such an attribute.
const TRIAL: &str = "urn:example:params:scim:schemas:extension:trial:2.0:User";
