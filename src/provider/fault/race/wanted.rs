//! The userName that a request wants to have.

use crate::provider::plan::{Action, Plan};

/// The userName of a create, as it is compared.
pub(super) fn wanted(plan: &Plan) -> Option<String> {
    match &plan.action {
        Action::Create(_, body, _) => Some(body.get("userName")?.as_str()?.to_lowercase()),
        _ => None,
    }
}
