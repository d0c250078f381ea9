//! One value under several types violates an index of the database.

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The same email under two types is answered with 500",
        SameValueTwiceAnswers500,
    )
    .breaks(&["rfc7643-2.4-one-value-under-several-types"])
}

struct SameValueTwiceAnswers500;

impl Fault for SameValueTwiceAnswers500 {
    fn name(&self) -> &'static str {
        "same-value-twice-answers-500"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        let Ok(Plan {
            action: Action::Create(_, body, _),
            ..
        }) = plan
        else {
            return;
        };
        let Some(Value::Array(emails)) = body.get("emails") else {
            return;
        };
        let twice = emails.iter().enumerate().any(|(at, email)| {
            emails
                .iter()
                .skip(at + 1)
                .any(|other| other["value"] == email["value"] && other["type"] != email["type"])
        });
        if twice {
            *plan = Err(Problem::new(500, "duplicate key"));
        }
    }
}
