//! References start at the resource that holds them.

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The reference of a member is relative to its group, as in the examples of RFC 7643",
        ReferenceClimbs,
    )
    .breaks(&["rfc7643-2.3.7-relative-references-resolve-against-the-service-root"])
}

struct ReferenceClimbs;

impl Fault for ReferenceClimbs {
    fn name(&self) -> &'static str {
        "reference-climbs"
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if resource.kind != Kind::Group {
            return;
        }
        let Some(Value::Array(members)) = shown.get_mut("members") else {
            return;
        };
        for member in members.iter_mut().filter_map(Value::as_object_mut) {
            if let Some(Value::String(uri)) = member.get_mut("$ref") {
                let tail: Vec<&str> = uri.rsplitn(3, '/').take(2).collect();
                *uri = tail
                    .iter()
                    .rev()
                    .fold(String::from(".."), |path, part| format!("{path}/{part}"));
            }
        }
    }
}
