//! Lists show a part of each resource.

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The elements of a list have no more than id, userName and meta",
        ListsShowStubs,
    )
    .breaks(&["rfc7644-3.4.2-list-elements-are-resources"])
}

struct ListsShowStubs;

impl Fault for ListsShowStubs {
    fn name(&self) -> &'static str {
        "lists-show-stubs"
    }

    fn shown(&self, plan: &Plan, _resource: &Resource, shown: &mut Map<String, Value>) {
        if matches!(plan.action, Action::List(..)) && plan.projection.is_usual() {
            let kept = ["schemas", "id", "userName", "meta"];
            shown.retain(|name, _| kept.contains(&name.as_str()));
        }
    }
}
