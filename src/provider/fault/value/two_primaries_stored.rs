//! `primary` is stored as it comes.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Two primary values of one request are both stored",
        TwoPrimariesStored,
    )
    .breaks(&[
        "rfc7643-2.4-one-primary-at-most",
        "rfc7644-3.5.1-put-keeps-one-primary",
    ])
}

struct TwoPrimariesStored;

impl Fault for TwoPrimariesStored {
    fn name(&self) -> &'static str {
        "two-primaries-stored"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (kind, body) = match &plan.action {
            Action::Create(kind, body, _) | Action::Replace(kind, _, body) => (*kind, body),
            _ => return,
        };
        let refused = applied
            .problem
            .as_ref()
            .is_some_and(|problem| problem.detail.ends_with("is primary"));
        if !refused {
            return;
        }
        let mut after = if let Some(before) = &applied.before {
            Resource::clone(before)
        } else {
            let name = body.get("userName").and_then(Value::as_str).unwrap_or("");
            Resource::new(format!("primaries-of-{name}"), kind, Map::new())
        };
        for name in ["userName", "emails"] {
            if let Some(value) = body.get(name) {
                after.attributes.insert(name.to_owned(), value.clone());
            }
        }
        applied.after = Some(after);
        applied.problem = None;
    }
}
