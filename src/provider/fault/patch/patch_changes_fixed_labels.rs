//! An immutable sub-attribute of a value is changed as any other.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH changes a display that the schema calls immutable",
        PatchChangesFixedLabels,
    )
    .breaks(&["rfc7643-2.4-display-is-immutable-by-default"])
}

struct PatchChangesFixedLabels;

impl Fault for PatchChangesFixedLabels {
    fn name(&self) -> &'static str {
        "patch-changes-fixed-labels"
    }

    fn operations(&self, before: &Resource, operations: &mut Vec<Operation>) {
        for operation in operations {
            let Some(target) = &mut operation.target else {
                continue;
            };
            let labels = target.attribute.name == "gadgets"
                && target.sub.as_deref() == Some("display")
                && operation.op == Op::Replace;
            let urn = target.attribute.urn.as_deref().unwrap_or("");
            let values = before.attributes.get(urn).and_then(|it| it.get("gadgets"));
            if let (true, Some(Value::Array(values))) = (labels, values) {
                let mut values = values.clone();
                for value in &mut values {
                    value["display"] = operation.value.clone().unwrap_or_default();
                }
                target.filter = None;
                target.sub = None;
                operation.value = Some(Value::Array(values));
            }
        }
    }
}
