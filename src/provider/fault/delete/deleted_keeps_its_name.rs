//! A deleted user still holds its userName.

use crate::provider::apply::Applied;
use crate::provider::commit::Committed;
use crate::provider::fault::taken::Taken;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The userName of a deleted user stays taken",
        DeletedKeepsItsName::default(),
    )
    .breaks(&["rfc7644-3.6-deleted-frees-its-values"])
}

#[derive(Default)]
struct DeletedKeepsItsName {
    deleted: Taken,
}

impl Fault for DeletedKeepsItsName {
    fn name(&self) -> &'static str {
        "deleted-keeps-its-name"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Create(..), Some(after)) = (&plan.action, &applied.after)
            && self.deleted.by(&after.attributes).is_some()
        {
            applied.after = None;
            applied.problem = Some(Problem::uniqueness("this userName is taken"));
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if let (Action::Delete(..), Some(before)) = (&plan.action, &committed.before) {
            self.deleted.add(before);
        }
    }
}
