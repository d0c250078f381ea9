//! A PUT of a user sets its memberships.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The groups in the PUT of a user change its memberships",
        PutWritesReadOnlyGroups::default(),
    )
}

#[derive(Default)]
struct PutWritesReadOnlyGroups {
    /// The groups that each user was last put into.
    sent: Mutex<HashMap<String, BTreeSet<String>>>,
}

impl Fault for PutWritesReadOnlyGroups {
    fn name(&self) -> &'static str {
        "put-writes-read-only-groups"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        let Ok(Plan {
            action: Action::Replace(Kind::User, id, body),
            ..
        }) = plan
        else {
            return;
        };
        if let Some(Value::Array(groups)) = body.get("groups") {
            let values = groups.iter().filter_map(|group| group["value"].as_str());
            let values = values.map(str::to_owned).collect();
            let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.insert(id.clone(), values);
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if resource.kind != Kind::Group {
            return;
        }
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let mut members: Vec<Value> = match shown.get("members") {
            Some(Value::Array(members)) => members.clone(),
            _ => Vec::new(),
        };
        for (user, groups) in sent.iter() {
            members.retain(|member| member["value"] != **user);
            if groups.contains(&*resource.id) {
                members.push(json!({"value": user, "type": "User"}));
            }
        }
        if members.is_empty() {
            shown.shift_remove("members");
        } else {
            shown.insert(String::from("members"), Value::from(members));
        }
    }
}
