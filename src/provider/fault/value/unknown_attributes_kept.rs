//! Attributes outside the schema are stored and shown.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Attributes that no schema defines are stored and shown",
        UnknownAttributesKept,
    )
    .breaks(&[
        "rfc7644-3.3-unknown-attributes-are-not-kept",
        "rfc7643-3-top-level-members-are-known",
    ])
}

struct UnknownAttributesKept;

impl Fault for UnknownAttributesKept {
    fn name(&self) -> &'static str {
        "unknown-attributes-kept"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Create(_, body, _) | Action::Replace(_, _, body)) = &plan.action else {
            return;
        };
        let Some(after) = &mut applied.after else {
            return;
        };
        let unknown: Map<String, Value> = body
            .iter()
            .filter(|(name, _)| name.starts_with("scimitar"))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        after
            .attributes
            .insert(String::from(HIDDEN), Value::Object(unknown));
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if let Some(Value::Object(unknown)) = resource.attributes.get(HIDDEN) {
            shown.extend(unknown.clone());
        }
    }
}

/// Where they are kept.
const HIDDEN: &str = "unknown";
