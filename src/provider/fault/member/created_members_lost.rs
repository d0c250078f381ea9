//! The members of a new group are lost.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A group is created without the members that the request names, though the answer shows them",
        CreatedMembersLost,
    )
    .breaks(&[
        "rfc7644-3.3-created-resource-is-readable",
    ])
}

struct CreatedMembersLost;

impl Fault for CreatedMembersLost {
    fn name(&self) -> &'static str {
        "created-members-lost"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Create(..), Some(after)) = (&plan.action, &mut applied.after) {
            after.attributes.shift_remove("members");
        }
    }

    fn shown(&self, plan: &Plan, _resource: &Resource, shown: &mut Map<String, Value>) {
        if let Action::Create(_, body, _) = &plan.action
            && let Some(members) = body.get("members")
        {
            shown.insert(String::from("members"), members.clone());
        }
    }
}
