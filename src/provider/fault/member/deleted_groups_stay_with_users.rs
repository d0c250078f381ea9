//! Memberships outlive their group.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user still shows a group that was deleted",
        DeletedGroupsStayWithUsers::default(),
    )
    .breaks(&["rfc7643-4.1.2-groups-list-the-memberships"])
}

#[derive(Default)]
struct DeletedGroupsStayWithUsers {
    stale: Mutex<HashMap<String, String>>,
}

impl Fault for DeletedGroupsStayWithUsers {
    fn name(&self) -> &'static str {
        "deleted-groups-stay-with-users"
    }

    fn committed(&self, plan: &Plan, committed: &mut Committed) {
        if let (Action::Delete(..), Some(before)) = (&plan.action, &committed.before) {
            let mut stale = self.stale.lock().unwrap_or_else(PoisonError::into_inner);
            for member in before.members() {
                stale.insert(member.to_owned(), before.id.to_string());
            }
        }
    }

    fn shown(&self, plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let stale = self.stale.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Action::Read(..), Some(group)) = (&plan.action, stale.get(&*resource.id)) {
            let groups = shown.entry("groups").or_insert_with(|| json!([]));
            if let Value::Array(groups) = groups {
                groups.push(json!({"value": group, "type": "direct"}));
            }
        }
    }
}
