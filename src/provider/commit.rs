//! Stage 6: makes the change, whole or not at all.
//!
//! The store's rules are checked under its lock; everything else was decided before.

use std::sync::Arc;

use super::Provider;
use super::apply::Applied;
use super::plan::{Action, Plan};
use super::problem::Problem;
use super::store::{Change, Refusal, Resource, Rules};

/// A change and the rules the store will hold it to.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The change.
    pub change: Change,
    /// The rules.
    pub rules: Rules,
}

/// What the store did.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    /// The resource before.
    pub before: Option<Arc<Resource>>,
    /// The resource as stored now; none after a delete.
    pub after: Option<Arc<Resource>>,
    /// Why the store refused.
    pub problem: Option<Problem>,
}

/// How a commit ended.
pub(super) enum Ending {
    /// The store has taken or refused it.
    Decided(Committed),
    /// The resource has changed since it was selected: select again.
    Stale,
}

/// What there is to commit; `None` where the write changes nothing or is refused. A PATCH that
/// leaves the resource as it was is no change (RFC 7644 §3.5.2.1); a PUT always is one.
pub(super) fn prepare(provider: &Provider, plan: &Plan, applied: &Applied) -> Option<Commit> {
    let change = match (&plan.action, &applied.before, &applied.after) {
        (Action::Delete(..), Some(before), None) if applied.problem.is_none() => {
            Change::Delete(Arc::clone(before))
        }
        (_, None, Some(after)) => Change::Create(after.clone()),
        (_, Some(before), Some(after)) => Change::Update {
            before: Arc::clone(before),
            after: after.clone(),
        },
        _ => return None,
    };
    let mut commit = Commit {
        change,
        rules: Rules::default(),
    };
    if let Change::Update { before, after } = &commit.change
        && matches!(plan.action, Action::Patch(..))
        && before.attributes == after.attributes
    {
        commit.rules.stamp = false;
        commit.rules.version = false;
    }
    for fault in provider.faults() {
        fault.committing(plan, &mut commit);
    }
    Some(commit)
}

/// Hands the change to the store.
pub(super) fn commit(provider: &Provider, plan: &Plan, commit: Commit) -> Ending {
    let Commit { change, rules } = commit;
    let committed = match provider.store().commit(vec![(change, rules)]) {
        Ok(done) => {
            let done = done.into_iter().next().unwrap_or_default();
            Committed {
                before: done.before,
                after: done.after,
                problem: None,
            }
        }
        Err((_, Refusal::Stale)) => return Ending::Stale,
        Err((_, refusal)) => Committed {
            problem: Some(problem(refusal)),
            ..Committed::default()
        },
    };
    Ending::Decided(offer(provider, plan, committed))
}

/// Offers what was done to the active faults.
pub(super) fn offer(provider: &Provider, plan: &Plan, mut committed: Committed) -> Committed {
    for fault in provider.faults() {
        fault.committed(plan, &mut committed);
    }
    committed
}

/// What a client is told of a refusal.
pub(super) fn problem(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Stale => Problem::new(412, "the resource has changed in the meantime"),
        Refusal::Gone => Problem::not_found("the resource is gone"),
        Refusal::Taken(name) => {
            Problem::uniqueness(format!("the userName '{name}' belongs to another user"))
        }
        Refusal::NameTaken(name) => {
            Problem::uniqueness(format!("the displayName '{name}' belongs to another group"))
        }
        Refusal::Claimed(name) => {
            Problem::uniqueness(format!("the value of '{name}' belongs to another user"))
        }
        Refusal::Dangling(id) => Problem::value(format!("there is no member '{id}'")),
    }
}
