//! Each version of a resource has an id of its own.

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user that was changed shows another id",
        IdFollowsTheVersion,
    )
    .breaks(&["rfc7643-3.1-ids-are-stable"])
}

struct IdFollowsTheVersion;

impl Fault for IdFollowsTheVersion {
    fn name(&self) -> &'static str {
        "id-follows-the-version"
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if resource.kind == Kind::User && resource.last_modified > resource.created {
            let id = format!("{}-{}", resource.id, resource.version);
            shown.insert(String::from("id"), Value::from(id));
        }
    }
}
