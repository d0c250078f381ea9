//! What clients sent and the store does not take, kept aside and shown again, for the faults that store too much.
//!
//! Changes no resource.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::provider::decode::{Decoded, Route};
use crate::provider::patch::{Operation, Target};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

/// Members by the id of the resource that they were sent to.
#[derive(Default)]
pub(super) struct Aside(Mutex<HashMap<String, Map<String, Value>>>);

impl Aside {
    /// Keeps a member.
    pub(super) fn keep(&self, id: &str, name: impl Into<String>, value: Value) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entry(id.to_owned())
            .or_default()
            .insert(name.into(), value);
    }

    /// Keeps the values of the operations that aim where `aims` says, and takes these operations out.
    pub(super) fn divert(
        &self,
        plan: &mut Result<Plan, Problem>,
        name: &str,
        aims: impl Fn(&Target) -> bool,
    ) {
        let Ok(Plan {
            action: Action::Patch(_, id, operations),
            ..
        }) = plan
        else {
            return;
        };
        operations.retain(|Operation { target, value, .. }| {
            let is_aimed = target.as_ref().is_some_and(&aims);
            if let Some(value) = value.clone().filter(|_| is_aimed) {
                self.keep(id, name, value);
            }
            !is_aimed
        });
    }

    /// Adds what was kept for a resource.
    pub(super) fn show(&self, resource: &Resource, shown: &mut Map<String, Value>) {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(members) = kept.get(&*resource.id) {
            shown.extend(members.clone());
        }
    }
}

/// The id of the resource and the operations of a PATCH as they came.
pub(super) fn operations(
    decoded: &mut Result<Decoded, Problem>,
) -> Option<(&str, &mut Vec<Value>)> {
    match decoded {
        Ok(Decoded {
            route: Route::Item(_, id),
            body: Ok(Some(body)),
            ..
        }) => Some((id, body.get_mut("Operations")?.as_array_mut()?)),
        _ => None,
    }
}

/// An operation that does nothing.
pub(super) fn nothing() -> Value {
    json!({"op": "add", "value": {}})
}
