//! Ids are looked up by a collation that knows no letter case.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A resource is found by its id in any letter case",
        IdsFoundInAnyCase,
    )
    .breaks(&["rfc7643-3.1-ids-are-case-exact"])
}

struct IdsFoundInAnyCase;

impl Fault for IdsFoundInAnyCase {
    fn name(&self) -> &'static str {
        "ids-found-in-any-case"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Read(_, id),
            ..
        }) = plan
        {
            // Ids are made in lower case.
            id.make_ascii_lowercase();
        }
    }
}
