//! The members of a group come from a copy that learns late that a user was deleted.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::history::is_fresh;
use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "For ten seconds a group still shows a member that was deleted",
        DeletedUsersLeaveGroupsLate::default(),
    )
}

#[derive(Default)]
struct DeletedUsersLeaveGroupsLate {
    seen: Mutex<Seen>,
}

/// Members of groups by group, and users by when they were deleted.
#[derive(Default)]
struct Seen {
    members: HashMap<String, Vec<String>>,
    deleted: HashMap<String, Timestamp>,
}

impl Fault for DeletedUsersLeaveGroupsLate {
    fn name(&self) -> &'static str {
        "deleted-users-leave-groups-late"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match (&committed.before, &committed.after) {
            (_, Some(after)) if after.kind == Kind::Group => {
                let members = after.members().map(str::to_owned).collect();
                seen.members.insert(after.id.to_string(), members);
            }
            (Some(before), None) if before.kind == Kind::User => {
                seen.deleted.insert(before.id.to_string(), plan.now);
            }
            _ => {}
        }
    }

    fn shown(&self, plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.members.get(&*resource.id).into_iter().flatten();
        for member in known {
            let fresh = |at: &Timestamp| is_fresh(*at, plan.now);
            if seen.deleted.get(member).is_some_and(fresh)
                && let Value::Array(members) = shown.entry("members").or_insert_with(|| json!([]))
            {
                members.push(json!({"value": member, "type": "User"}));
            }
        }
    }
}
