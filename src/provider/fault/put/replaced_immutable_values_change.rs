//! PUT changes what is immutable.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT changes an immutable value",
        ReplacedImmutableValuesChange,
    )
    .breaks(&[
        "rfc7644-3.5.1-put-keeps-immutable-values",
        "rfc7643-7-immutable-values-do-not-change",
    ])
}

struct ReplacedImmutableValuesChange;

impl Fault for ReplacedImmutableValuesChange {
    fn name(&self) -> &'static str {
        "replaced-immutable-values-change"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(before), Some(problem)) =
            (&plan.action, &applied.before, &applied.problem)
            && problem.scim_type == Some("mutability")
        {
            let mut after = Resource::clone(before);
            for (name, value) in body {
                if name.starts_with("urn:") {
                    after.attributes.insert(name.clone(), value.clone());
                }
            }
            applied.after = Some(after);
            applied.problem = None;
        }
    }
}
