//! The groups that a user shows come from a copy of the memberships that follows late.

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
        "For ten seconds a user still shows a group that it has left or that was deleted",
        GroupsOfUsersChangeLate::default(),
    )
}

/// Groups that were left, by user, and when.
#[derive(Default)]
struct GroupsOfUsersChangeLate {
    left: Mutex<HashMap<String, Vec<(Timestamp, String)>>>,
}

impl Fault for GroupsOfUsersChangeLate {
    fn name(&self) -> &'static str {
        "groups-of-users-change-late"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        let Some(before) = committed
            .before
            .as_ref()
            .filter(|it| it.kind == Kind::Group)
        else {
            return;
        };
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        for member in before.members() {
            let stays = |after: &Resource| after.members().any(|other| other == member);
            if !committed.after.as_deref().is_some_and(stays) {
                let groups = left.entry(member.to_owned()).or_default();
                groups.push((plan.now, before.id.to_string()));
            }
        }
    }

    fn shown(&self, plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        for (at, group) in left.get(&*resource.id).into_iter().flatten() {
            let groups = shown.entry("groups").or_insert_with(|| json!([]));
            let Value::Array(groups) = groups else {
                continue;
            };
            if is_fresh(*at, plan.now) && !groups.iter().any(|it| it["value"] == group.as_str()) {
                groups.push(json!({"value": group, "type": "direct"}));
            }
        }
    }
}
