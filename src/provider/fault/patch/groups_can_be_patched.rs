//! A PATCH of the derived `groups` of a user is applied to the user.

use serde_json::{Map, Value};

use super::aside::Aside;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The groups of a user can be changed through the user",
        GroupsCanBePatched::default(),
    )
    .breaks(&["rfc7643-4.1.2-groups-are-read-only"])
}

#[derive(Default)]
struct GroupsCanBePatched(Aside);

impl Fault for GroupsCanBePatched {
    fn name(&self) -> &'static str {
        "groups-can-be-patched"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        self.0
            .divert(plan, "groups", |target| target.attribute.name == "groups");
    }

    fn shown(&self, plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if plan.projection.is_usual() {
            self.0.show(resource, shown);
        }
    }
}
