//! A readWrite attribute is written once.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PUT keeps the title that a user was created with",
        TitleIsFixed,
    )
    .breaks(&["rfc7643-7-read-write-attributes-can-be-updated"])
}

struct TitleIsFixed;

impl Fault for TitleIsFixed {
    fn name(&self) -> &'static str {
        "title-is-fixed"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(..), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
            && let Some(title) = before.attributes.get("title")
        {
            after
                .attributes
                .insert(String::from("title"), title.clone());
        }
    }
}
