//! PUT leaves out what it cannot read.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT with a value of the wrong type is answered with 200 and the value left out",
        PutTakesWrongTypes,
    )
    .breaks(&["rfc7644-3.5.1-invalid-put-answers-400"])
}

struct PutTakesWrongTypes;

impl Fault for PutTakesWrongTypes {
    fn name(&self) -> &'static str {
        "put-takes-wrong-types"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Replace(_, _, body),
            ..
        }) = plan
        {
            body.retain(|name, value| match name.as_str() {
                "displayName" => value.is_string(),
                "name" => value.is_object(),
                "emails" => value.is_array(),
                _ => true,
            });
        }
    }
}
