//! A precondition is taken for a single tag.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Condition, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of the tags of a precondition the first alone is compared",
        FirstTagOfAListCounts,
    )
    .breaks(&[
        "rfc7644-3.14-if-match-with-the-current-tag-succeeds",
        "rfc7644-3.14-if-none-match-answers-304",
    ])
}

struct FirstTagOfAListCounts;

impl Fault for FirstTagOfAListCounts {
    fn name(&self) -> &'static str {
        "first-tag-of-a-list-counts"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(plan) = plan {
            for condition in [&mut plan.if_match, &mut plan.if_none_match] {
                if let Some(Condition::Tags(tags)) = condition {
                    tags.truncate(1);
                }
            }
        }
    }
}
