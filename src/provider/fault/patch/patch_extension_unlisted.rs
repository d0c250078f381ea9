//! `schemas` stays as it was at create.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "An extension that a PATCH adds is not listed in schemas",
        PatchExtensionUnlisted,
    )
    .breaks(&[
        "rfc7644-3.5.2-patch-adds-the-extension-uri",
        "rfc7643-3.3-extension-in-use-is-listed",
    ])
}

struct PatchExtensionUnlisted;

impl Fault for PatchExtensionUnlisted {
    fn name(&self) -> &'static str {
        "patch-extension-unlisted"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Patch(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
            && (before.attributes.contains_key(HIDDEN) || !extended(before) && extended(after))
        {
            after
                .attributes
                .insert(String::from(HIDDEN), Value::Bool(true));
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if let (true, Some(Value::Array(schemas))) = (
            resource.attributes.contains_key(HIDDEN),
            shown.get_mut("schemas"),
        ) {
            schemas.truncate(1);
        }
    }
}

/// Marks a resource whose extension came with a PATCH.
const HIDDEN: &str = "unlisted";

fn extended(resource: &Resource) -> bool {
    resource
        .attributes
        .keys()
        .any(|name| name.starts_with("urn:"))
}
