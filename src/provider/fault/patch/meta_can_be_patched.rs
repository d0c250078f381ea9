//! A PATCH of `meta` is applied.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
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
struct MetaCanBePatched {
    created: Mutex<HashMap<String, Value>>,
}

impl Fault for MetaCanBePatched {
    fn name(&self) -> &'static str {
        "meta-can-be-patched"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Patch(_, id, operations),
            ..
        }) = plan
        {
            operations.retain(|operation| {
                let is_created = operation.target.as_ref().is_some_and(|target| {
                    target.attribute.name == "meta"
                        && target.attribute.sub.as_deref() == Some("created")
                });
                if let Some(value) = operation.value.clone().filter(|_| is_created) {
                    let mut created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
                    created.insert(id.clone(), value);
                }
                !is_created
            });
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(value), Some(Value::Object(meta))) =
            (created.get(&*resource.id), shown.get_mut("meta"))
        {
            meta.insert(String::from("created"), value.clone());
        }
    }
}
