//! `id` in the body of a create is adopted.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("The id that a client sends is adopted", ClientChoosesId)
        .breaks(&["rfc7643-3.1-clients-do-not-choose-ids"])
}

struct ClientChoosesId;

impl Fault for ClientChoosesId {
    fn name(&self) -> &'static str {
        "client-chooses-id"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Create(_, body, id),
            ..
        }) = plan
            && let Some(Value::String(chosen)) = body.get("id")
        {
            *id = Some(chosen.clone());
        }
    }
}
