//! Values are kept as they were sent, twice if they were sent twice.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The same pair of type and value is kept twice",
        DuplicateValuesKept,
    )
    .breaks(&["rfc7643-2.4-no-duplicate-type-and-value"])
}

struct DuplicateValuesKept;

impl Fault for DuplicateValuesKept {
    fn name(&self) -> &'static str {
        "duplicate-values-kept"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Create(_, body, _), Some(after)) = (&plan.action, &mut applied.after)
            && let Some(emails) = body.get("emails").filter(|emails| emails[0].is_object())
        {
            after
                .attributes
                .insert(String::from("emails"), emails.clone());
        }
    }
}
