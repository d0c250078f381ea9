//! Sequences, drawn: some users and a group first, then whatever comes.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::Union;
use serde_json::{Map, Value};

use super::step::{GROUPS, Sequence, Step, USERS, Who};
use crate::probe::patch::{Place, fitting, operation, put};

/// What may stand in a sequence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Means {
    /// There are groups.
    pub(super) groups: bool,
    /// PATCH is supported.
    pub(super) patch: bool,
    /// Bulk requests are supported.
    pub(super) bulk: bool,
    /// Filters are supported.
    pub(super) filter: bool,
}

/// What a sequence is mostly about: a combination comes up sooner where little else does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Theme {
    Everything,
    /// Who is in which group.
    Membership,
    /// One user.
    Life,
}

/// Sequences over some places of users.
pub(super) fn sequences(places: &[Place], means: Means) -> BoxedStrategy<Sequence> {
    let mut themes = vec![
        (2, themed(places, means, Theme::Everything)),
        (1, themed(places, means, Theme::Life)),
    ];
    if means.groups && means.patch {
        themes.push((2, themed(places, means, Theme::Membership)));
    }
    Union::new_weighted(themes).boxed()
}

fn themed(places: &[Place], means: Means, theme: Theme) -> BoxedStrategy<Sequence> {
    let several = means.groups && theme != Theme::Life;
    let start = (
        created(places, 0),
        option::weighted(0.8, (created(places, 1), created(places, 2))),
        option::weighted(0.85, users(1).prop_map(|users| Step::Found(0, users))),
    );
    (start, vec(step(places, means, theme), 3..13))
        .prop_map(move |((first, others, group), rest)| {
            let mut steps = vec![first];
            if theme != Theme::Life {
                steps.extend(others.map_or_else(Vec::new, |(one, other)| vec![one, other]));
            }
            steps.extend(group.filter(|_| several));
            steps.extend(rest);
            Sequence(steps)
        })
        .boxed()
}

fn step(places: &[Place], means: Means, theme: Theme) -> BoxedStrategy<Step> {
    let mut all = changes(places, means, theme);
    all.push((1, who(means, theme).prop_map(Step::Read).boxed()));
    if means.filter {
        all.push((1, users(1).prop_map(Step::Find).boxed()));
        all.push((1, users(1).prop_map(Step::Search).boxed()));
    }
    if means.bulk {
        let parts = Union::new_weighted(changes(places, means, theme));
        let bulk = vec(parts, 1..4).prop_map(|steps| Step::Bulk(apart(steps)));
        all.push((3, bulk.boxed()));
    }
    Union::new_weighted(all).boxed()
}

/// Steps that change something.
fn changes(places: &[Place], means: Means, theme: Theme) -> Vec<(u32, BoxedStrategy<Step>)> {
    let user = || match theme {
        Theme::Life => 0..1,
        _ => 0..USERS,
    };
    // Mostly one group, so that several things happen to it.
    let group = || select(vec![0, 0, GROUPS - 1]);
    let mut all = vec![
        (3, user().prop_flat_map(created_any(places)).boxed()),
        (3, who(means, theme).prop_map(Step::Delete).boxed()),
    ];
    if theme != Theme::Membership {
        let replace = (user(), members(places));
        let replace = replace.prop_map(|(user, members)| Step::Replace(user, members));
        all.push((4, replace.boxed()));
        if means.patch && !places.is_empty() {
            let operations = vec(operation(places), 1..3);
            let patch = (user(), operations).prop_map(|(user, all)| Step::Patch(user, all));
            all.push((5, patch.boxed()));
        }
    }
    if means.groups && theme != Theme::Life {
        let found = (group(), users(0)).prop_map(|(group, users)| Step::Found(group, users));
        let again = (group(), users(0)).prop_map(|(group, users)| Step::Refound(group, users));
        all.extend([(2, found.boxed()), (2, again.boxed())]);
        if means.patch {
            let add = (group(), users(1)).prop_map(|(group, users)| Step::Add(group, users));
            let remove = (group(), user()).prop_map(|(group, user)| Step::Remove(group, user));
            let set = (group(), users(1)).prop_map(|(group, users)| Step::Exchange(group, users));
            all.extend([(5, add.boxed()), (7, remove.boxed()), (1, set.boxed())]);
        }
    }
    all
}

fn created(places: &[Place], user: usize) -> BoxedStrategy<Step> {
    members(places)
        .prop_map(move |members| Step::Create(user, members))
        .boxed()
}

fn created_any(places: &[Place]) -> impl Fn(usize) -> BoxedStrategy<Step> + use<> {
    let places = places.to_vec();
    move |user| created(&places, user)
}

fn who(means: Means, theme: Theme) -> BoxedStrategy<Who> {
    if theme == Theme::Life {
        return Just(Who::User(0)).boxed();
    }
    let users = (0..USERS).prop_map(Who::User).boxed();
    if means.groups {
        let groups = (0..GROUPS).prop_map(Who::Group).boxed();
        Union::new_weighted(vec![(2, users), (1, groups)]).boxed()
    } else {
        users
    }
}

/// Different users, this many at least.
fn users(least: usize) -> BoxedStrategy<Vec<usize>> {
    subsequence((0..USERS).collect::<Vec<_>>(), least..=USERS).boxed()
}

/// Values at a few places.
fn members(places: &[Place]) -> BoxedStrategy<Map<String, Value>> {
    if places.is_empty() {
        return Just(Map::new()).boxed();
    }
    let one = select(places.to_vec()).prop_flat_map(|place| {
        fitting(&place.definition).prop_map(move |value| (place.clone(), value))
    });
    vec(one, 0..5)
        .prop_map(|values| {
            let mut members = Map::new();
            for (place, value) in values {
                put(&mut members, &place, value);
            }
            members
        })
        .boxed()
}

/// The steps whose subjects differ: the order in a bulk request is the server's, as long as it does not matter.
fn apart(steps: Vec<Step>) -> Vec<Step> {
    let mut seen = Vec::new();
    let mut kept = Vec::new();
    for step in steps {
        let subject = step.subject();
        let touches_all = matches!(step, Step::Delete(Who::User(_)));
        let users = |step: &Step| match step {
            Step::Found(_, users)
            | Step::Refound(_, users)
            | Step::Add(_, users)
            | Step::Exchange(_, users) => users.clone(),
            Step::Remove(_, user) => vec![*user],
            _ => Vec::new(),
        };
        // Who is deleted or created must not be a member-to-be of the same request.
        let named: Vec<Who> = users(&step).into_iter().map(Who::User).collect();
        let clash = |one: &(Option<Who>, Vec<Who>)| {
            one.0 == subject
                || one.0.is_some_and(|it| named.contains(&it))
                || subject.is_some_and(|it| one.1.contains(&it))
                || touches_all && matches!(one.0, Some(Who::Group(_)))
        };
        if !seen.iter().any(clash) {
            seen.push((subject, named));
            kept.push(step);
        }
    }
    kept
}
