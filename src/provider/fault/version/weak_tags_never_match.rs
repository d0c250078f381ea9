//! `If-Match` with a weak tag always fails.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Condition, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "If-Match compares strongly: the weak tags that the provider itself sends never match",
        WeakTagsNeverMatch,
    )
    .breaks(&[
        "rfc7644-3.14-if-match-with-the-current-tag-succeeds",
        "rfc7644-3.14-weak-etags-work-in-if-match",
    ])
}

struct WeakTagsNeverMatch;

impl Fault for WeakTagsNeverMatch {
    fn name(&self) -> &'static str {
        "weak-tags-never-match"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            if_match: Some(Condition::Tags(tags)),
            ..
        }) = plan
        {
            tags.retain(|tag| !tag.starts_with("W/"));
        }
    }
}
