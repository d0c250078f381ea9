//! A create is stored before it is checked.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A create request that is refused leaves a resource with its userName behind",
        CreateStoresBeforeChecking,
    )
    .breaks(&["rfc7644-3.3-refused-create-leaves-nothing"])
}

struct CreateStoresBeforeChecking;

impl Fault for CreateStoresBeforeChecking {
    fn name(&self) -> &'static str {
        "create-stores-before-checking"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let Action::Create(kind, body, _) = &plan.action else {
            return;
        };
        let (Some(_), Some(Value::String(name))) = (&applied.problem, body.get("userName")) else {
            return;
        };
        let attributes = Map::from_iter([(String::from("userName"), Value::from(name.as_str()))]);
        applied.after = Some(Resource::new(format!("half-{name}"), *kind, attributes));
    }
}
