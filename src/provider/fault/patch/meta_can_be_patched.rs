//! A PATCH of `meta` is applied.

use serde_json::{Map, Value};

use super::aside::Aside;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The time of creation can be changed by a PATCH",
        MetaCanBePatched::default(),
    )
    .breaks(&["rfc7643-3.1-meta-is-read-only"])
}

#[derive(Default)]
struct MetaCanBePatched(Aside);

impl Fault for MetaCanBePatched {
    fn name(&self) -> &'static str {
        "meta-can-be-patched"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        self.0.divert(plan, "created", |target| {
            target.attribute.name == "meta" && target.attribute.sub.as_deref() == Some("created")
        });
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if let Some(Value::Object(meta)) = shown.get_mut("meta") {
            self.0.show(resource, meta);
        }
    }
}
