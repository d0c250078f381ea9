//! What changes a list has room for two values.

use serde_json::Value;

use super::each_stored;
use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH leaves the first two values of a list",
        ThirdValueLostByPatch,
    )
}

struct ThirdValueLostByPatch;

impl Fault for ThirdValueLostByPatch {
    fn name(&self) -> &'static str {
        "third-value-lost-by-patch"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if !matches!(plan.action, Action::Patch(..)) {
            return;
        }
        each_stored(applied, &mut |value| {
            if let Value::Array(items) = value {
                items.truncate(2);
            }
        });
    }
}
