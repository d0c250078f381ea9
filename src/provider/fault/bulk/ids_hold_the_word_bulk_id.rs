//! Ids are made of the word that bulk requests reserve.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::identity;
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("Ids begin with bulkId", IdsHoldTheWordBulkId)
        .breaks(&["rfc7643-3.1-bulk-id-is-a-reserved-word"])
}

struct IdsHoldTheWordBulkId;

impl Fault for IdsHoldTheWordBulkId {
    fn name(&self) -> &'static str {
        "ids-hold-the-word-bulk-id"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Create(_, _, id @ None),
            ..
        }) = plan
        {
            *id = Some(format!("bulkId-{}", identity::fresh()));
        }
    }
}
