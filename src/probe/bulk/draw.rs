//! Bulk requests, drawn.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;
use serde_json::{Map, Value};

use super::example::{Example, Member, NEW, OLD, Operation};
use crate::probe::patch::{Place, fitting, operation, put};

/// What may stand in a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Means {
    /// There are groups.
    pub(super) groups: bool,
    /// PATCH is supported.
    pub(super) patch: bool,
    /// Most operations.
    pub(super) most: usize,
}

/// Requests over some places of users.
pub(super) fn examples(places: &[Place], means: Means) -> BoxedStrategy<Example> {
    let users = [members(places), members(places)];
    let in_group = subsequence((0..OLD).collect::<Vec<_>>(), 0..=OLD);
    // Mostly somebody is created first, to whom what follows can refer.
    let first = option::weighted(
        0.6,
        members(places).prop_map(|members| Operation::Create(0, members)),
    );
    let most = means.most.saturating_sub(1).clamp(1, 6);
    let pair = option::weighted(0.2, pair(places, means));
    let rest = vec(one(places, means), 1..=most);
    let operations = (first, rest, pair).prop_map(move |(first, rest, pair)| {
        let mut operations: Vec<Operation> = first.into_iter().collect();
        operations.extend(rest);
        if let Some(pair) = pair {
            operations.truncate(most.saturating_sub(1));
            operations.extend(pair);
        }
        operations
    });
    // A limit of errors shows where something fails before the end; most do so at the first operation.
    let fail_on_errors = option::weighted(0.3, select(vec![1_usize, 2, 2]));
    let failing = option::weighted(0.8, failing(means));
    (users, in_group, operations, fail_on_errors, failing)
        .prop_map(
            move |(users, members, mut operations, fail_on_errors, failing)| {
                if let Some(failing) = failing.filter(|_| fail_on_errors.is_some()) {
                    operations.truncate(most);
                    operations.insert(0, failing);
                }
                Example {
                    users,
                    members,
                    operations: sound(operations, fail_on_errors.is_some()),
                    fail_on_errors,
                }
            },
        )
        .boxed()
}

/// Two changes of one user, of which the later one counts.
fn pair(places: &[Place], means: Means) -> BoxedStrategy<Vec<Operation>> {
    let replaced = members(places);
    let changed = if means.patch && !places.is_empty() {
        let changes = vec(operation(places), 1..3);
        changes.prop_map(|all| Operation::Patch(0, all)).boxed()
    } else {
        members(places)
            .prop_map(|members| Operation::Replace(0, members))
            .boxed()
    };
    (0..OLD, replaced, changed)
        .prop_map(|(user, members, changed)| {
            let later = match changed {
                Operation::Patch(_, all) => Operation::Patch(user, all),
                Operation::Replace(_, members) => Operation::Replace(user, members),
                other => other,
            };
            vec![Operation::Replace(user, members), later]
        })
        .boxed()
}

/// An operation that has to fail.
fn failing(means: Means) -> BoxedStrategy<Operation> {
    if means.patch {
        (0..OLD).prop_map(Operation::Senseless).boxed()
    } else {
        (0..OLD).prop_map(Operation::Twin).boxed()
    }
}

fn one(places: &[Place], means: Means) -> BoxedStrategy<Operation> {
    let old = || 0..OLD;
    let mut all = vec![
        (
            4,
            (0..NEW, members(places))
                .prop_map(|(user, members)| Operation::Create(user, members))
                .boxed(),
        ),
        (
            3,
            (old(), members(places))
                .prop_map(|(user, members)| Operation::Replace(user, members))
                .boxed(),
        ),
        (1, old().prop_map(Operation::Twin).boxed()),
        (4, old().prop_map(Operation::Delete).boxed()),
    ];
    if means.patch {
        let senseless = old().prop_map(Operation::Senseless);
        all.push((1, senseless.boxed()));
        if !places.is_empty() {
            let patch = (old(), vec(operation(places), 1..3));
            let patch = patch.prop_map(|(user, all)| Operation::Patch(user, all));
            all.push((4, patch.boxed()));
        }
    }
    if means.groups {
        let found = vec(member(), 0..3).prop_map(|it| Operation::Found(distinct(it)));
        all.push((5, found.boxed()));
    }
    if means.groups && means.patch {
        let add = vec(member(), 1..3).prop_map(|it| Operation::Add(distinct(it)));
        let drop = old().prop_map(Operation::Drop);
        all.extend([(4, add.boxed()), (1, drop.boxed())]);
    }
    Union::new_weighted(all).boxed()
}

fn member() -> BoxedStrategy<Member> {
    Union::new_weighted(vec![
        (3, (0..OLD).prop_map(Member::Old).boxed()),
        (4, Just(Member::New(0)).boxed()),
        (1, (0..NEW).prop_map(Member::New).boxed()),
        (1, Just(Member::Nobody).boxed()),
    ])
    .boxed()
}

fn distinct(members: Vec<Member>) -> Vec<Member> {
    let mut kept: Vec<Member> = Vec::new();
    for member in members {
        if !kept.contains(&member) {
            kept.push(member);
        }
    }
    kept
}

/// Values at a few places.
fn members(places: &[Place]) -> BoxedStrategy<Map<String, Value>> {
    if places.is_empty() {
        return Just(Map::new()).boxed();
    }
    let one = select(places.to_vec()).prop_flat_map(|place| {
        fitting(&place.definition).prop_map(move |value| (place.clone(), value))
    });
    vec(one, 0..4)
        .prop_map(|values| {
            let mut members = Map::new();
            for (place, value) in values {
                put(&mut members, &place, value);
            }
            members
        })
        .boxed()
}

/// The operations that say something: each new user is created once, at most one create has to fail, and who was
/// deleted is no member afterwards. Where errors end the request nothing refers forward, so that what has to be
/// done by then is beyond doubt.
fn sound(operations: Vec<Operation>, ends: bool) -> Vec<Operation> {
    let mut kept: Vec<Operation> = Vec::new();
    for operation in operations {
        let gone = |user: &usize| {
            kept.iter()
                .any(|one| matches!(one, Operation::Delete(other) if other == user))
        };
        let again = match &operation {
            Operation::Create(user, _) => kept
                .iter()
                .any(|one| matches!(one, Operation::Create(other, _) if other == user)),
            // The name of a deleted user is free.
            Operation::Twin(user) => {
                gone(user) || kept.iter().any(|one| matches!(one, Operation::Twin(_)))
            }
            Operation::Drop(user) => gone(user),
            _ => false,
        };
        let dangling = operation.members().iter().any(|member| match member {
            Member::Old(user) => gone(user),
            Member::New(_) | Member::Nobody => ends,
        });
        // Whether a deleted user leaves its groups is open, and with it what such a request leaves of them.
        let touches = matches!(&operation, Operation::Delete(user) if kept.iter().any(|one| {
            one.members().contains(&Member::Old(*user))
                || matches!(one, Operation::Twin(other) if other == user)
        }));
        if !again && !dangling && !touches {
            kept.push(operation);
        }
    }
    if kept.is_empty() {
        kept.push(Operation::Create(0, Map::new()));
    }
    kept
}
