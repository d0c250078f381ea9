//! The version is the second of the last change, so that two changes in one second have the same.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Change;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The ETag follows changes by the second: a second change within it is not seen",
        TagsChangeOnceASecond,
    )
}

struct TagsChangeOnceASecond;

impl Fault for TagsChangeOnceASecond {
    fn name(&self) -> &'static str {
        "tags-change-once-a-second"
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        if let Change::Update { before, .. } = &commit.change
            && before.last_modified.as_second() == plan.now.as_second()
        {
            commit.rules.version = false;
        }
    }
}
