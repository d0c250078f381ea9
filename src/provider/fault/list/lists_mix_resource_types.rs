//! A list of users holds groups as well.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Kind;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "/Users without a filter lists groups as well",
        ListsMixResourceTypes,
    )
    .breaks(&["rfc7644-3.4.2-lists-hold-the-resources-of-their-endpoint"])
}

struct ListsMixResourceTypes;

impl Fault for ListsMixResourceTypes {
    fn name(&self) -> &'static str {
        "lists-mix-resource-types"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::List(kinds, query),
            ..
        }) = plan
            && *kinds == [Kind::User]
            && query.filter.is_none()
        {
            *kinds = vec![Kind::Group, Kind::User];
        }
    }
}
