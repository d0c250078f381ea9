//! Values of the wrong type are left out.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A create request with a value of the wrong type is answered with 201 and the value left out",
        WrongTypesDropped,
    )
    .breaks(&[
        "rfc7644-3.3-invalid-create-answers-400",
    ])
}

struct WrongTypesDropped;

impl Fault for WrongTypesDropped {
    fn name(&self) -> &'static str {
        "wrong-types-dropped"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Create(_, body, _),
            ..
        }) = plan
        {
            body.retain(|name, value| match name.as_str() {
                "displayName" => value.is_string(),
                "name" => value.is_object(),
                "active" => value.is_boolean(),
                _ => true,
            });
        }
    }
}
