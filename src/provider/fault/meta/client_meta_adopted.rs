//! `meta` of a create is adopted.

use serde_json::{Map, Value};

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Resource;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The meta attributes that a create request carries are shown as the resource's own",
        ClientMetaAdopted,
    )
    .breaks(&[
        "rfc7643-3.1-client-meta-is-ignored",
        "rfc7644-3.3-create-ignores-read-only-values",
    ])
}

struct ClientMetaAdopted;

impl Fault for ClientMetaAdopted {
    fn name(&self) -> &'static str {
        "client-meta-adopted"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        if let (Action::Create(_, body, _), Some(after)) = (&plan.action, &mut applied.after)
            && let Some(meta) = body.get("meta")
        {
            after.attributes.insert(String::from(HIDDEN), meta.clone());
        }
    }

    fn shown(&self, _plan: &Plan, resource: &Resource, shown: &mut Map<String, Value>) {
        if let (Some(Value::Object(given)), Some(Value::Object(meta))) =
            (resource.attributes.get(HIDDEN), shown.get_mut("meta"))
        {
            for name in ["created", "lastModified"] {
                if let Some(time) = given.get(name) {
                    meta.insert(name.to_owned(), time.clone());
                }
            }
        }
    }
}

/// Where the values of the client are kept: no attribute of a schema.
const HIDDEN: &str = "client meta";
