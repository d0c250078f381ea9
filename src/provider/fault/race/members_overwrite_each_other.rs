//! The members of a group are read, changed and written back without a lock; those of users are not.

use super::meeting::Meeting;
use crate::provider::commit::Commit;
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Kind;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two members added to a group at once: one of them is lost",
        MembersOverwriteEachOther::default(),
    )
}

#[derive(Default)]
struct MembersOverwriteEachOther(Meeting);

impl Fault for MembersOverwriteEachOther {
    fn name(&self) -> &'static str {
        "members-overwrite-each-other"
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        match &plan.action {
            Action::Patch(Kind::Group, id, _) => Some(Box::pin(self.0.of(id.clone()))),
            _ => None,
        }
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if matches!(plan.action, Action::Patch(Kind::Group, ..)) {
            commit.rules.current = false;
        }
    }
}
