//! externalId is enforced to be unique.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Kind;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A second user of the same externalId is refused",
        ExternalIdsUnique::default(),
    )
    .breaks(&["rfc7643-3.1-external-id-need-not-be-unique"])
}

#[derive(Default)]
struct ExternalIdsUnique {
    seen: Mutex<HashSet<String>>,
}

impl Fault for ExternalIdsUnique {
    fn name(&self) -> &'static str {
        "external-ids-unique"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Create(Kind::User, body, _),
            ..
        }) = plan
            && let Some(Value::String(id)) = body.get("externalId")
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if !seen.insert(id.clone()) {
                *plan = Err(Problem::uniqueness(
                    "the externalId belongs to another user",
                ));
            }
        }
    }
}
