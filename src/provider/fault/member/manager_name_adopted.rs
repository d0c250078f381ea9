//! The read-only name of a manager is taken from the client.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;
use crate::scim::urn;

/// Where the name is kept.
const KEPT: &str = "managerName";

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The displayName of a manager is the one that a client sends",
        ManagerNameAdopted,
    )
    .breaks(&["rfc7643-4.3-manager-display-name-is-read-only"])
}

struct ManagerNameAdopted;

impl Fault for ManagerNameAdopted {
    fn name(&self) -> &'static str {
        "manager-name-adopted"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Create(_, body, _), Some(after)) = (&plan.action, &mut applied.after)
            && let Some(name) = body
                .get(urn::ENTERPRISE_USER)
                .and_then(|extension| extension.pointer("/manager/displayName"))
        {
            after.attributes.insert(String::from(KEPT), name.clone());
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if let Some(name) = resource.attributes.get(KEPT)
            && let Some(manager) = shown
                .get_mut(urn::ENTERPRISE_USER)
                .and_then(|extension| extension.get_mut("manager"))
        {
            manager["displayName"] = name.clone();
        }
    }
}
