//! The members of a group belong to another system.

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::Kind;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The members of a group stay as they were when it was created",
        MembersAreFixed,
    )
    .breaks(&[
        "rfc7643-4.2-members-can-be-changed",
        "rfc7643-4.1.2-direct-memberships-are-changed-through-the-group",
    ])
}

struct MembersAreFixed;

impl Fault for MembersAreFixed {
    fn name(&self) -> &'static str {
        "members-are-fixed"
    }

    fn applied(&self, _plan: &Plan, applied: &mut Applied) {
        if let (Some(before), Some(after)) = (&applied.before, &mut applied.after)
            && after.kind == Kind::Group
        {
            match before.attributes.get("members") {
                Some(members) => after
                    .attributes
                    .insert(String::from("members"), members.clone()),
                None => after.attributes.shift_remove("members"),
            };
        }
    }
}
