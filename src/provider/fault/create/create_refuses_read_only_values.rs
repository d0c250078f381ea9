//! A create may not name what is read-only.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A create request that carries an id is refused",
        CreateRefusesReadOnlyValues,
    )
    .breaks(&["rfc7644-3.3-create-ignores-read-only-values"])
}

struct CreateRefusesReadOnlyValues;

impl Fault for CreateRefusesReadOnlyValues {
    fn name(&self) -> &'static str {
        "create-refuses-read-only-values"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Create(_, body, _),
            ..
        }) = plan
            && (body.contains_key("id") || body.contains_key("meta"))
        {
            *plan = Err(Problem::mutability("'id' and 'meta' are readOnly"));
        }
    }
}
