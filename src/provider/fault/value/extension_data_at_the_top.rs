//! Extensions are flattened into the resource.

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Resource;
use crate::scim::urn;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Enterprise attributes stand at the top level of the user",
        ExtensionDataAtTheTop,
    )
    .breaks(&["rfc7643-3-extension-data-is-in-its-own-container"])
}

struct ExtensionDataAtTheTop;

impl Fault for ExtensionDataAtTheTop {
    fn name(&self) -> &'static str {
        "extension-data-at-the-top"
    }

    fn shown(&self, _plan: &Plan, _resource: &Resource, shown: &mut Map<String, Value>) {
        if let Some(Value::Object(extension)) = shown.shift_remove(urn::ENTERPRISE_USER) {
            shown.extend(extension);
        }
    }
}
