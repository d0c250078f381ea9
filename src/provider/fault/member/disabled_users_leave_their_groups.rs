//! Disabling a user takes it out of its groups.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::Plan;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user who was disabled is no member of any group any more",
        DisabledUsersLeaveTheirGroups::default(),
    )
}

#[derive(Default)]
struct DisabledUsersLeaveTheirGroups {
    gone: Mutex<HashSet<String>>,
}

impl Fault for DisabledUsersLeaveTheirGroups {
    fn name(&self) -> &'static str {
        "disabled-users-leave-their-groups"
    }

    fn committed(&self, _plan: &Plan, committed: &mut Committed) {
        if let Some(after) = &committed.after
            && after.attributes.get("active") == Some(&Value::Bool(false))
        {
            self.gone
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(after.id.to_string());
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        let gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        if resource.kind == Kind::Group
            && let Some(Value::Array(members)) = shown.get_mut("members")
        {
            members.retain(|member| {
                let id = member.get("value").and_then(Value::as_str);
                !id.is_some_and(|id| gone.contains(id))
            });
        }
    }
}
