//! The asterisk of a precondition is compared like a tag.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Condition, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The asterisk of If-Match and If-None-Match is taken for a tag that no resource has",
        AsteriskIsATag,
    )
    .breaks(&["rfc7644-3.14-wildcard-preconditions-work"])
}

struct AsteriskIsATag;

impl Fault for AsteriskIsATag {
    fn name(&self) -> &'static str {
        "asterisk-is-a-tag"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan {
            for condition in [&mut plan.if_match, &mut plan.if_none_match] {
                if *condition == Some(Condition::Any) {
                    *condition = Some(Condition::Tags(Vec::new()));
                }
            }
        }
    }
}
