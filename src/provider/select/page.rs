//! Pages by cursor: from a place in the order of the result on, or back from one (RFC 9865).
//!
//! Knows matches and places; names no cursor and evaluates no filter.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Selection, order};
use crate::provider::Provider;
use crate::provider::cursor::{Cursor, Place, Position};
use crate::provider::filter::SortKey;
use crate::provider::plan::{Plan, Query, Walk};
use crate::provider::store::{Kind, Resource};

/// A page by cursor. It begins at a place in the order and not at a number of resources, so that a
/// resource that lives through the whole walk is met once, whatever comes and goes beside it.
pub(super) fn page_of_walk(
    provider: &Provider,
    plan: &Plan,
    query: &Query,
    walk: &Walk,
    mut matches: Vec<(SortKey, Arc<Resource>)>,
) -> Selection {
    let total = matches.len();
    let is_before = |at: &Position, here: Ordering| {
        matches.partition_point(|(key, resource)| {
            let ordering = order(
                (key, resource.sequence),
                (&at.key, at.sequence),
                query.descending,
            );
            ordering == Ordering::Less || ordering == here
        })
    };
    let (start, end) = match &walk.place {
        None => (0, query.count.min(total)),
        Some(Place::After(position)) => {
            let start = is_before(position, Ordering::Equal);
            (start, start.saturating_add(query.count).min(total))
        }
        Some(Place::Before(position)) => {
            let end = is_before(position, Ordering::Less);
            (end.saturating_sub(query.count), end)
        }
    };
    let some = end > start;
    let beside = Beside {
        before: some && start > 0,
        after: some && end < total,
    };
    matches.truncate(end);
    page_between(
        provider,
        plan,
        query,
        matches.split_off(start),
        total,
        beside,
    )
}

/// The same of all resources of one type in the order of creation, without a look at the others.
pub(super) fn page_in_order(
    provider: &Provider,
    plan: &Plan,
    kind: Kind,
    query: &Query,
    walk: &Walk,
) -> Selection {
    let store = provider.store();
    let (number, back) = match &walk.place {
        None => (None, false),
        Some(Place::After(at)) => (Some(at.sequence), false),
        Some(Place::Before(at)) => (Some(at.sequence), true),
    };
    let found = store.beside(kind, number, back, query.count);
    let beside = Beside {
        before: found
            .first()
            .is_some_and(|(number, _)| !store.beside(kind, Some(*number), true, 1).is_empty()),
        after: found
            .last()
            .is_some_and(|(number, _)| !store.beside(kind, Some(*number), false, 1).is_empty()),
    };
    let page = found
        .iter()
        .filter_map(|(_, id)| Some((SortKey::Missing, store.get(id)?)))
        .collect();
    page_between(provider, plan, query, page, store.count(kind), beside)
}

/// Whether there is more on either side of a page.
#[derive(Clone, Copy)]
struct Beside {
    before: bool,
    after: bool,
}

/// The page with its cursors.
fn page_between(
    provider: &Provider,
    plan: &Plan,
    query: &Query,
    page: Vec<(SortKey, Arc<Resource>)>,
    total: usize,
    beside: Beside,
) -> Selection {
    let settings = provider.settings();
    let issued = settings.clock.now();
    let expires = issued
        .checked_add(settings.paging.cursor_timeout)
        .unwrap_or(Timestamp::MAX);
    let walk = query.walk.as_ref().map_or(0, |walk| walk.query);
    let cursor = |end: Option<&(SortKey, Arc<Resource>)>, place: fn(Position) -> Place| {
        let (key, resource) = end?;
        Some(Cursor {
            query: walk,
            count: query.count,
            principal: plan.principal,
            place: place(Position {
                key: key.clone(),
                sequence: resource.sequence,
            }),
            issued,
            expires,
        })
    };
    let next = cursor(page.last().filter(|_| beside.after), Place::After);
    let previous = cursor(page.first().filter(|_| beside.before), Place::Before);
    Selection {
        resources: page.into_iter().map(|(_, resource)| resource).collect(),
        total,
        start_index: 1,
        by_cursor: true,
        next,
        previous,
    }
}
