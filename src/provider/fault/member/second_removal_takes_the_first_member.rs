//! Members are removed by a position that was true before the first removal.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::provider::apply::Applied;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::patch::Op;
use crate::provider::plan::{Action, Plan};
use crate::provider::store::Kind;

/// It takes a sequence that no scenario sends, so that only the probe of the store sees it: `breaks` stays empty.
pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The second PATCH that removes a member from a group removes the first one instead",
        SecondRemovalTakesTheFirstMember::default(),
    )
}

#[derive(Default)]
struct SecondRemovalTakesTheFirstMember {
    shortened: Mutex<HashSet<String>>,
}

impl Fault for SecondRemovalTakesTheFirstMember {
    fn name(&self) -> &'static str {
        "second-removal-takes-the-first-member"
    }

    fn applied(&self, plan: &Plan, applied: &mut Applied) {
        let (Action::Patch(Kind::Group, id, operations), Some(before), Some(after)) =
            (&plan.action, &applied.before, &mut applied.after)
        else {
            return;
        };
        let removes = operations
            .iter()
            .any(|operation| operation.op == Op::Remove && operation.target.is_some());
        let fewer = after.members().count() < before.members().count();
        if !removes || !fewer {
            return;
        }
        let mut shortened = self
            .shortened
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if shortened.insert(id.clone()) {
            return;
        }
        if let Some(Value::Array(members)) = before.attributes.get("members") {
            let kept: Vec<Value> = members.iter().skip(1).cloned().collect();
            after
                .attributes
                .insert("members".to_owned(), Value::Array(kept));
        }
    }
}
