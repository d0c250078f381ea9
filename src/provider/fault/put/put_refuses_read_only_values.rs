//! A PUT may not name what is read-only.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT with another id in its body is refused",
        PutRefusesReadOnlyValues,
    )
    .breaks(&["rfc7644-3.5.1-put-ignores-read-only-values"])
}

struct PutRefusesReadOnlyValues;

impl Fault for PutRefusesReadOnlyValues {
    fn name(&self) -> &'static str {
        "put-refuses-read-only-values"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Replace(_, id, body),
            ..
        }) = plan
            && body.get("id").is_some_and(|given| given != id.as_str())
        {
            *plan = Err(Problem::mutability("'id' is readOnly"));
        }
    }
}
