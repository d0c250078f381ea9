//! Names are compared without case at the top of a resource, and with case in what a PATCH puts into lists.

use serde_json::Value;

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Parts of the values that a PATCH puts into a list are lost where their names are in capitals",
        CapitalNamesLostInLists,
    )
}

struct CapitalNamesLostInLists;

impl Fault for CapitalNamesLostInLists {
    fn name(&self) -> &'static str {
        "capital-names-lost-in-lists"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let Ok(Decoded {
            body: Ok(Some(body)),
            ..
        }) = decoded
        else {
            return;
        };
        let operations = body.get_mut("Operations").and_then(Value::as_array_mut);
        let values = operations
            .into_iter()
            .flatten()
            .filter_map(|operation| operation.get_mut("value")?.as_array_mut());
        for item in values.flatten() {
            if let Value::Object(parts) = item {
                parts.retain(|name, _| name.bytes().any(|byte| byte.is_ascii_lowercase()));
            }
        }
    }
}
