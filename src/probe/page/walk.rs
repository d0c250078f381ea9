//! Walks over pages and judges what they show together.

use std::collections::BTreeSet;

use serde_json::json;

use super::example::Walk;
use super::ground::Ground;
use super::wrong::{Kind, Wrong};
use crate::exchange::Exchange;
use crate::probe::property::Trial;
use crate::scim::capabilities::PagingMethod;
use crate::scim::filter::AttributePath;
use crate::scim::list::ListView;
use crate::scim::resource::{get, member};

pub(super) const COVERS_ONCE: &str = "rfc7644-3.4.2.4-pages-cover-the-result-once";
const BOUNDS: &str = "rfc7644-3.4.2.4-count-bounds-a-page";
const TOTAL: &str = "rfc7644-3.4.2.4-total-results-counts-all-matches";
const START: &str = "rfc7644-3.4.2-partial-lists-state-start-index";
const ITEMS: &str = "rfc7644-3.4.2-partial-lists-state-items-per-page";
const FIRST: &str = "rfc7644-3.4.2.4-start-index-is-one-based";
const ORDER: &str = "rfc7644-3.4.2.3-sort-by-orders-results";
const SEARCH: &str = "rfc7644-3.4.3-search-pages";
const OURS: &str = "rfc7644-3.12-client-faults-are-no-server-errors";
const CURSOR_BOUNDS: &str = "rfc9865-2-count-bounds-a-page";
const CURSOR_TOTAL: &str = "rfc9865-2-total-results-is-accurate";
const CURSOR_ITEMS: &str = "rfc9865-2-items-per-page-counts-the-page";
pub(super) const CURSOR_ONCE: &str = "rfc9865-2-cursors-cover-the-result-once";
const CURSOR_APART: &str = "rfc9865-2-cursor-pages-do-not-overlap";
const CURSOR_ORDER: &str = "rfc9865-2.2-cursor-pages-are-sorted";
const CURSOR_SEARCH: &str = "rfc9865-3-search-takes-cursors";

/// All that the law can find broken.
pub(super) const COVERS: &[&str] = &[
    COVERS_ONCE,
    BOUNDS,
    TOTAL,
    START,
    ITEMS,
    FIRST,
    ORDER,
    SEARCH,
    OURS,
    CURSOR_BOUNDS,
    CURSOR_TOTAL,
    CURSOR_ITEMS,
    CURSOR_ONCE,
    CURSOR_APART,
    CURSOR_ORDER,
    CURSOR_SEARCH,
];

/// Pages beyond those that there can be, after which a walk stops.
const SLACK: usize = 4;

/// A page as it was read.
struct Page {
    exchange: Exchange,
    ids: Vec<String>,
    families: Vec<Option<String>>,
}

/// Walks and judges.
pub(super) async fn judge(ground: &Ground<'_>, walk: &Walk) -> Trial<Wrong> {
    let mut stranger = None;
    let mut pages: Vec<Page> = Vec::new();
    let most = ground.users(walk.groups).len() + SLACK;
    let mut cursor = String::new();
    let mut trial = None;
    while pages.len() < most {
        let so_far: usize = pages.iter().map(|page| page.ids.len()).sum();
        let at = walk.start + so_far as u64;
        let exchange = ask(ground, walk, at, &cursor).await;
        let page = match read(&exchange) {
            Ok(page) => page,
            Err(other) => {
                trial = Some(*other);
                break;
            }
        };
        if let Some(wrong) = of_page(walk, at, ground.users(walk.groups).len(), &page) {
            trial = Some(Trial::Failed(wrong));
            break;
        }
        let next = next(walk, &page, at);
        pages.push(page);
        match next {
            Some(next) if next.is_empty() || next != cursor => cursor = next,
            _ => break,
        }
        if walk.busy {
            change(ground, &mut stranger).await;
        }
    }
    if let Some(id) = stranger {
        ground.delete(&id).await;
    }
    match (trial, together(ground, walk, &pages)) {
        (Some(trial), _) => trial,
        (None, Some(wrong)) => Trial::Failed(wrong),
        (None, None) => Trial::Held,
    }
}

/// Somebody comes, whoever came before goes.
async fn change(ground: &Ground<'_>, stranger: &mut Option<String>) {
    let created = ground.stranger().await;
    if let Some(id) = stranger.take() {
        ground.delete(&id).await;
    }
    let id = created.json().and_then(|body| member(body, "id")?.as_str());
    *stranger = id
        .filter(|_| created.status() == Some(201))
        .map(str::to_owned);
}

async fn ask(ground: &Ground<'_>, walk: &Walk, at: u64, cursor: &str) -> Exchange {
    let mut parameters = match walk.method {
        PagingMethod::Index => vec![("startIndex", json!(at))],
        PagingMethod::Cursor => vec![("cursor", json!(cursor))],
    };
    if let Some(count) = walk.count {
        parameters.push(("count", json!(count)));
    }
    if let Some(down) = walk.sorted {
        let order = if down { "descending" } else { "ascending" };
        parameters.extend([
            ("sortBy", json!("name.familyName")),
            ("sortOrder", json!(order)),
        ]);
    }
    ground
        .page(&ground.filter(walk.groups), &parameters, walk.search)
        .await
}

fn read(exchange: &Exchange) -> Result<Page, Box<Trial<Wrong>>> {
    let body = match (exchange.status(), exchange.json()) {
        (Some(200), Some(body)) => body,
        (Some(200) | None, _) => return Err(Box::new(Trial::Broken(exchange.said()))),
        (Some(500 | 502..=599), _) => {
            return Err(Box::new(Trial::Failed(Wrong {
                requirement: OURS,
                kind: Kind::Trouble,
                tolerance: None,
                at: "response.status",
                expected: "a page".to_owned(),
                actual: exchange.said(),
                exchange: exchange.clone(),
            })));
        }
        (Some(_), _) => return Err(Box::new(Trial::Unjudged)),
    };
    let list = ListView::read(body).ok_or(Box::new(Trial::Unjudged))?;
    let family = AttributePath::new("name", Some("familyName"));
    let families = list.resources.iter().map(|user| {
        let found = get(user, &family);
        found
            .first()
            .and_then(|it| it.as_str())
            .map(str::to_lowercase)
    });
    Ok(Page {
        ids: list.ids().map(str::to_owned).collect(),
        families: families.collect(),
        exchange: exchange.clone(),
    })
}

/// The next cursor, or an empty text where the next page goes by index; none after the last.
fn next(walk: &Walk, page: &Page, at: u64) -> Option<String> {
    let list = page.exchange.json().and_then(ListView::read)?;
    match walk.method {
        PagingMethod::Cursor => list.next_cursor.map(str::to_owned),
        PagingMethod::Index => {
            let after = at + page.ids.len() as u64;
            let more =
                !page.ids.is_empty() && list.total_results.is_some_and(|total| after <= total);
            more.then(String::new)
        }
    }
}

/// What one page says wrongly of itself.
fn of_page(walk: &Walk, at: u64, matches: usize, page: &Page) -> Option<Wrong> {
    let list = page.exchange.json().and_then(ListView::read)?;
    let by_index = walk.method == PagingMethod::Index;
    let here = page.ids.len() as u64;
    let either = |index, cursor| if by_index { index } else { cursor };
    let wrong = |requirement, place: (&'static str, _), expected: u64, actual: Option<u64>| {
        let actual = actual.map_or("nothing".to_owned(), |it| it.to_string());
        let (place, key) = place;
        Some(Wrong {
            requirement,
            kind: Kind::Page { at, key },
            tolerance: None,
            at: place,
            expected: expected.to_string(),
            actual,
            exchange: page.exchange.clone(),
        })
    };
    if let Some(count) = walk.count.filter(|count| here > *count) {
        return wrong(
            either(BOUNDS, CURSOR_BOUNDS),
            ("/Resources", "count"),
            count,
            Some(here),
        );
    }
    let total = list.total_results;
    let matches = matches as u64;
    if total != Some(matches) && (by_index || total.is_some()) {
        let place = ("/totalResults", "total");
        return wrong(either(TOTAL, CURSOR_TOTAL), place, matches, total);
    }
    let partial = here < matches && here > 0;
    if by_index && partial && list.start_index != Some(at) {
        let place = ("/startIndex", "start_index");
        return wrong(START, place, at, list.start_index);
    }
    let said = list.items_per_page;
    if partial && said != Some(here) && (by_index || said.is_some()) {
        let place = ("/itemsPerPage", "items_per_page");
        let found = wrong(either(ITEMS, CURSOR_ITEMS), place, here, said);
        // Some take it for the size of a page.
        let size = by_index && said.is_some() && said == walk.count;
        return found.map(|wrong| Wrong {
            tolerance: size.then_some("D17"),
            ..wrong
        });
    }
    None
}

/// What the pages show wrongly together.
fn together(ground: &Ground<'_>, walk: &Walk, pages: &[Page]) -> Option<Wrong> {
    let users = ground.users(walk.groups);
    let by_index = walk.method == PagingMethod::Index;
    let all = pages.iter().flat_map(|page| &page.ids);
    let mut seen = BTreeSet::new();
    if let Some(twice) = all.clone().find(|id| !seen.insert(*id)) {
        let requirement = match (by_index, walk.sorted) {
            (true, _) => COVERS_ONCE,
            (false, Some(_)) => CURSOR_ONCE,
            (false, None) => CURSOR_APART,
        };
        let page = pages.iter().rfind(|page| page.ids.contains(twice))?;
        let actual = format!("{twice} twice");
        let expected = "each user once".to_owned();
        return Some(union(
            (requirement, Kind::Twice),
            walk,
            expected,
            actual,
            page,
        ));
    }
    let skipped = usize::try_from(walk.start - 1).unwrap_or(usize::MAX);
    let due = users.len().saturating_sub(skipped);
    let known = all
        .filter(|id| users.iter().any(|(known, _)| known == *id))
        .count();
    if known < due {
        let requirement = if by_index { COVERS_ONCE } else { CURSOR_ONCE };
        let actual = format!("{known} of them on {} pages", pages.len());
        return Some(union(
            (requirement, Kind::Missing),
            walk,
            format!("{due} users"),
            actual,
            pages.last()?,
        ));
    }
    order(walk, &users, skipped, pages)
}

/// What all pages together break.
fn union(
    (requirement, kind): (&'static str, Kind),
    walk: &Walk,
    expected: String,
    actual: String,
    page: &Page,
) -> Wrong {
    let unsorted = requirement == COVERS_ONCE && walk.sorted.is_none();
    Wrong {
        requirement,
        kind,
        tolerance: unsorted.then_some("D23"),
        at: "/Resources",
        expected,
        actual,
        exchange: page.exchange.clone(),
    }
}

/// Whether the pages of a sorted walk are in order and begin where they should.
fn order(
    walk: &Walk,
    users: &[&(String, String)],
    skipped: usize,
    pages: &[Page],
) -> Option<Wrong> {
    let down = walk.sorted?;
    let mut wanted: Vec<(String, &str)> = users
        .iter()
        .map(|(id, family)| (family.to_lowercase(), id.as_str()))
        .collect();
    wanted.sort_unstable();
    if down {
        wanted.reverse();
    }
    let wanted: Vec<&str> = wanted.into_iter().skip(skipped).map(|(_, id)| id).collect();
    let all: Vec<&str> = pages
        .iter()
        .flat_map(|page| page.ids.iter().map(String::as_str))
        .collect();
    if all == wanted {
        return None;
    }
    let families: Vec<&Option<String>> = pages.iter().flat_map(|page| &page.families).collect();
    let is_sorted = families.windows(2).all(|pair| match pair {
        [Some(a), Some(b)] => {
            if down {
                a >= b
            } else {
                a <= b
            }
        }
        _ => true,
    });
    let requirement = match (is_sorted, walk.method) {
        (true, _) => FIRST,
        (false, PagingMethod::Index) => ORDER,
        (false, PagingMethod::Cursor) => CURSOR_ORDER,
    };
    let names = families.iter().map(|name| name.as_deref().unwrap_or("-"));
    let names = names.collect::<Vec<_>>().join(" ");
    let direction = if down { "descending" } else { "ascending" };
    let many = wanted.len();
    let expected = format!(
        "{many} users from number {} on, {direction} by name.familyName",
        walk.start
    );
    let last = pages.last()?;
    Some(union(
        (requirement, Kind::Order),
        walk,
        expected,
        names,
        last,
    ))
}

/// Whether what a search shows is for another requirement to answer for than what the query shows.
pub(super) fn of_search(wrong: Wrong, walk: &Walk) -> Wrong {
    let paged = [COVERS_ONCE, FIRST, START, CURSOR_ONCE, CURSOR_APART].contains(&wrong.requirement);
    match walk.method {
        _ if !walk.search || !paged => wrong,
        PagingMethod::Index => Wrong {
            requirement: SEARCH,
            tolerance: None,
            ..wrong
        },
        PagingMethod::Cursor => Wrong {
            requirement: CURSOR_SEARCH,
            ..wrong
        },
    }
}

/// What a walk asked for, in words.
pub(super) fn word(ground: &Ground<'_>, walk: &Walk) -> String {
    let method = match walk.method {
        PagingMethod::Index => format!("by index from {}", walk.start),
        PagingMethod::Cursor => "by cursor".to_owned(),
    };
    let users = ground.users(walk.groups).len();
    let count = walk
        .count
        .map_or("no count".to_owned(), |count| format!("count {count}"));
    let sorted = match walk.sorted {
        None => "",
        Some(false) => ", sorted",
        Some(true) => ", sorted descending",
    };
    let search = if walk.search { ", by POST" } else { "" };
    let busy = if walk.busy {
        ", while other users come and go"
    } else {
        ""
    };
    format!("{users} users {method} with {count}{sorted}{search}{busy}")
}
