//! A change that a rival has overtaken is tried again on top of itself.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::meeting::Meeting;
use crate::provider::commit::{Commit, Committed};
use crate::provider::fault::{BoxFuture, Declaration, Fault};
use crate::provider::patch::{Op, Operation};
use crate::provider::plan::{Action, Plan};
use crate::provider::store::{Change, Kind};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Values added to a list of a user at once: one of them is stored twice",
        OvertakenAdditionsAreMadeTwice::default(),
    )
}

#[derive(Default)]
struct OvertakenAdditionsAreMadeTwice {
    meeting: Meeting,
    /// Additions that were tried and are not stored yet.
    tried: Mutex<HashSet<String>>,
}

impl Fault for OvertakenAdditionsAreMadeTwice {
    fn name(&self) -> &'static str {
        "overtaken-additions-are-made-twice"
    }

    fn window<'a>(&'a self, plan: &'a Plan) -> Option<BoxFuture<'a, ()>> {
        let (id, operations) = additions(plan)?;
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.insert(key(id, operations));
        Some(Box::pin(self.meeting.of(id.to_owned())))
    }

    fn committing(&self, plan: &Plan, commit: &mut Commit) {
        let (Some((id, operations)), Change::Update { after, .. }) =
            (additions(plan), &mut commit.change)
        else {
            return;
        };
        let tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        if !tried.contains(&key(id, operations)) {
            return;
        }
        for Operation { target, value, .. } in operations {
            let name = target.as_ref().map(|it| it.attribute.name.as_str());
            if let (Some(name), Some(Value::Array(again))) = (name, value)
                && let Some(Value::Array(list)) = after.attributes.get_mut(name)
            {
                list.extend(again.iter().cloned());
            }
        }
    }

    fn committed(&self, plan: &Plan, _committed: &mut Committed) {
        if let Some((id, operations)) = additions(plan) {
            let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
            tried.remove(&key(id, operations));
        }
    }
}

/// The id of a user and the operations that only add to it.
fn additions(plan: &Plan) -> Option<(&str, &[Operation])> {
    match &plan.action {
        Action::Patch(Kind::User, id, operations)
            if operations
                .iter()
                .all(|it| it.op == Op::Add && it.target.is_some()) =>
        {
            Some((id, operations))
        }
        _ => None,
    }
}

/// What tells one request from another: whose it is, and what it adds.
fn key(id: &str, operations: &[Operation]) -> String {
    let values = operations.iter().filter_map(|it| it.value.as_ref());
    let values: Vec<String> = values.map(Value::to_string).collect();
    format!("{id} {}", values.join(" "))
}
