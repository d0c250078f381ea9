//! PUT passes over what is immutable.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT with another value for an immutable attribute is answered with 200 and the value left as it was",
        ReplacedImmutableValuesIgnored,
    )
    .breaks(&[
        "rfc7644-3.5.1-put-of-another-immutable-value-says-mutability",
    ])
}

struct ReplacedImmutableValuesIgnored;

impl Fault for ReplacedImmutableValuesIgnored {
    fn name(&self) -> &'static str {
        "replaced-immutable-values-ignored"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(..), Some(before), Some(problem)) =
            (&plan.action, &applied.before, &applied.problem)
            && problem.scim_type == Some("mutability")
        {
            applied.after = Some(Resource::clone(before));
            applied.problem = None;
        }
    }
}
