//! PUT is left out.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("PUT is answered with 501", PutUnsupported)
        .breaks(&["rfc7644-3.5-put-is-supported"])
}

struct PutUnsupported;

impl Fault for PutUnsupported {
    fn name(&self) -> &'static str {
        "put-unsupported"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if matches!(
            plan,
            Ok(Plan {
                action: Action::Replace(..),
                ..
            })
        ) {
            *plan = Err(Problem::unsupported("there is no PUT"));
        }
    }
}
