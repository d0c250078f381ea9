//! An empty userName is a name like any other.

use serde_json::{Map, Value};

use crate::provider::fault::{Declaration, Fault};
use crate::provider::identity;
use crate::provider::plan::{Action, Plan};
use crate::provider::problem::Problem;
use crate::provider::store::Resource;

/// Begins the names that stand for the empty one.
const EMPTY: &str = "empty:";

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A user with an empty userName is taken",
        EmptyUserNameAccepted,
    )
    .breaks(&["rfc7643-4.1.1-user-name-is-not-empty"])
}

struct EmptyUserNameAccepted;

impl Fault for EmptyUserNameAccepted {
    fn name(&self) -> &'static str {
        "empty-user-name-accepted"
    }

    fn planned(&self, plan: &mut Result<Plan, Problem>) {
        if let Ok(Plan {
            action: Action::Create(_, body, _),
            ..
        }) = plan
            && let Some(Value::String(name)) = body.get_mut("userName")
            && name.is_empty()
        {
            *name = format!("{EMPTY}{}", identity::fresh());
        }
    }

    fn shown(&self, _plan: &Plan, _resource: &Resource, shown: &mut Map<String, Value>) {
        if let Some(Value::String(name)) = shown.get_mut("userName")
            && name.starts_with(EMPTY)
        {
            name.clear();
        }
    }
}
