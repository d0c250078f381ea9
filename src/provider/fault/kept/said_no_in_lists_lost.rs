//! What is false is taken for what was not said.

use serde_json::Value;

use super::each_stored;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A part that is false is not stored with the values of a list",
        SaidNoInListsLost,
    )
}

struct SaidNoInListsLost;

impl Fault for SaidNoInListsLost {
    fn name(&self) -> &'static str {
        "said-no-in-lists-lost"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        each_stored(applied, &mut |value| {
            for item in value.as_array_mut().into_iter().flatten() {
                if let Value::Object(members) = item {
                    members.retain(|_, part| *part != Value::Bool(false));
                }
            }
        });
    }
}
