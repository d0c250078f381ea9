//! A default is shown and not filtered on.

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "active is shown as true where it was never set, and filters do not see it",
        ShownDefaultsNotFiltered,
    )
    .breaks(&["rfc7644-3.4.2.2-filters-see-returned-defaults"])
}

struct ShownDefaultsNotFiltered;

impl Fault for ShownDefaultsNotFiltered {
    fn name(&self) -> &'static str {
        "shown-defaults-not-filtered"
    }

    fn shown(&self, plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if resource.kind == Kind::User
            && plan.projection.is_usual()
            && !shown.contains_key("active")
        {
            shown.insert(String::from("active"), Value::Bool(true));
        }
    }
}
