//! Entity tags are compared without letter case.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Condition, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "If-Match takes a tag in another letter case for the same tag",
        TagsMatchInAnyCase,
    )
    .breaks(&["rfc7643-3.1-meta-version-is-case-exact"])
}

struct TagsMatchInAnyCase;

impl Fault for TagsMatchInAnyCase {
    fn name(&self) -> &'static str {
        "tags-match-in-any-case"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            if_match: Some(Condition::Tags(tags)),
            ..
        }) = plan
        {
            for tag in tags {
                // Tags are made in lower case, but for the mark of weakness.
                *tag = tag.to_ascii_lowercase().replacen("w/", "W/", 1);
            }
        }
    }
}
