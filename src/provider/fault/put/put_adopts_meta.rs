//! `meta` of a PUT is adopted.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PUT sets the time of creation that its body carries",
        PutAdoptsMeta,
    )
    .breaks(&[
        "rfc7644-3.5.1-put-ignores-read-only-values",
        "rfc7643-3.1-client-meta-is-ignored",
    ])
}

struct PutAdoptsMeta;

impl Fault for PutAdoptsMeta {
    fn name(&self) -> &'static str {
        "put-adopts-meta"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Replace(_, _, body), Some(after)) = (&plan.action, &mut applied.after)
            && let Some(created) = body.get("meta").and_then(|meta| meta.get("created"))
            && let Some(created) = created.as_str().and_then(|text| text.parse().ok())
        {
            after.created = created;
        }
    }
}
