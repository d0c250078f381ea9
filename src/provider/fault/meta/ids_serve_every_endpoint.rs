//! An id is looked up whatever the endpoint.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::provider::commit::Committed;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::select::Selection;
use crate::provider::store::{Kind, Resource};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A group is also served at /Users",
        IdsServeEveryEndpoint::default(),
    )
    .breaks(&["rfc7643-3.1-ids-are-unique"])
}

#[derive(Default)]
struct IdsServeEveryEndpoint {
    groups: Mutex<HashMap<String, Arc<Resource>>>,
}

impl Fault for IdsServeEveryEndpoint {
    fn name(&self) -> &'static str {
        "ids-serve-every-endpoint"
    }

    fn committed(&self, _plan: &Plan, committed: &mut Committed) {
        if let Some(group) = committed.after.as_ref().filter(|it| it.kind == Kind::Group) {
            let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
            groups.insert(group.id.to_string(), Arc::clone(group));
        }
    }

    fn selected(&self, plan: &Plan, selection: &mut Selection) {
        if let Action::Read(Kind::User, id) = &plan.action
            && selection.resources.is_empty()
        {
            let groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
            selection.resources.extend(groups.get(id).cloned());
        }
    }
}
