//! A query at the root forgets the groups.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Kind;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A query at the root covers users only",
        RootQueryCoversUsersOnly,
    )
    .breaks(&["rfc7644-3.4.2.1-root-query-covers-all-types"])
}

struct RootQueryCoversUsersOnly;

impl Fault for RootQueryCoversUsersOnly {
    fn name(&self) -> &'static str {
        "root-query-covers-users-only"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::List(kinds, _),
            ..
        }) = plan
            && kinds.len() > 1
        {
            kinds.retain(|kind| *kind == Kind::User);
        }
    }
}
