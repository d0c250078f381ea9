//! A conflict is reported after the insert.

use crate::provider::commit::Commit;
use crate::provider::commit::Committed;
use crate::provider::fault::taken::Taken;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Unique;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A create with a userName that is taken is refused and stored all the same",
        DuplicateCreateStored::default(),
    )
    .breaks(&["rfc7644-3.3-refused-create-leaves-nothing"])
}

#[derive(Default)]
struct DuplicateCreateStored {
    taken: Taken,
}

impl Fault for DuplicateCreateStored {
    fn name(&self) -> &'static str {
        "duplicate-create-stored"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Create(..)) {
            commit.rules.unique = Unique::Ignored;
        }
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if let Action::Create(_, body, _) = &plan.action
            && self.taken.by(body).is_some()
        {
            committed.problem = Some(Problem::uniqueness("this userName is taken"));
            return;
        }
        self.taken.follow(committed);
    }
}
