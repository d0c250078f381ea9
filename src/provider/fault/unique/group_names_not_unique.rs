//! Names of groups are not unique.

use crate::provider::commit::Commit;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::{Change, Kind, Unique};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two groups may have the same displayName",
        GroupNamesNotUnique,
    )
}

struct GroupNamesNotUnique;

impl Fault for GroupNamesNotUnique {
    fn name(&self) -> &'static str {
        "group-names-not-unique"
    }

    fn committing(&self, _plan: &Plan, commit: &mut Commit) {
        let (Change::Create(after) | Change::Update { after, .. }) = &commit.change else {
            return;
        };
        if after.kind == Kind::Group {
            commit.rules.unique = Unique::Ignored;
        }
    }
}
