//! Finds resources again by the marker that they carry.

use std::collections::HashSet;
use std::time::Instant;

use serde_json::Value;

use super::adopt::carries;
use super::guard::read_call;
use crate::exchange::Exchange;
use crate::session::intent::MARKED;
use crate::session::{Auth, Call, Session};

/// Pages that are read at most when no filter can be trusted.
const MOST_PAGES: u64 = 50;

/// Resources asked for in a page.
const PAGE: u64 = 100;

/// What a search ended with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// These carry the marker; empty when there are none.
    Ids(Vec<String>),
    /// It can't be said, and why.
    Unsure(String),
}

/// Whether this id exists and carries the marker.
pub(super) async fn is_marked(
    session: &dyn Session,
    endpoint: &str,
    id: &str,
    marker: &str,
) -> bool {
    let call = read_call("cleanup", endpoint, id, &Auth::Main);
    let exchange = session.send(call).await;
    exchange.status() == Some(200) && carries(exchange.json(), marker)
}

/// Looks for resources that carry a marker: by filters, and page by page where the target's
/// filters can't be trusted. Every hit is checked here, whatever the target claims.
pub(super) async fn by_marker(session: &dyn Session, endpoint: &str, marker: &str) -> Found {
    if marker.is_empty() {
        return Found::Unsure("it carries no marker".to_owned());
    }
    let mut trusted = false;
    for operator in ["eq", "sw"] {
        for attribute in MARKED {
            let filter = format!("{attribute} {operator} {}", Value::from(marker));
            let is_ours = |resource: &Value| carries(Some(resource), marker);
            let walk = walk(session, endpoint, Reach::Bounded, Some(&filter), is_ours).await;
            if !walk.kept.is_empty() {
                return Found::Ids(walk.kept);
            }
            // A target that does not answer one filter answers no other: each would take its whole time.
            let silent = walk.trouble.as_ref().is_some_and(|trouble| trouble.silent);
            if silent || walk.read > 0 {
                return by_page(session, endpoint, marker).await;
            }
            if walk.trouble.is_some() {
                continue;
            }
            // The marker may be a prefix, so that `eq` proves nothing by finding nothing. What a target
            // does not know as an attribute, it may find nowhere.
            trusted |= operator == "sw" && attribute == main(endpoint);
        }
    }
    if trusted {
        return Found::Ids(Vec::new());
    }
    by_page(session, endpoint, marker).await
}

/// What a search for all that carries a prefix came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Haul {
    /// These carry it.
    pub(super) ids: Vec<String>,
    /// Why there may be more; none where everything was read.
    pub(super) trouble: Option<String>,
}

/// Looks for everything that carries a prefix, over all pages, for as long as there is time: by
/// filters, unless they are `doubted`, and by the whole list where they can't be trusted.
pub(super) async fn by_prefix(
    session: &dyn Session,
    endpoint: &str,
    prefix: &str,
    doubted: bool,
    until: Instant,
) -> Haul {
    let is_ours = |resource: &Value| carries(Some(resource), prefix);
    let reach = Reach::Until(until);
    let mut haul = Haul::default();
    let mut trusted = false;
    for attribute in MARKED.iter().filter(|_| !doubted) {
        let filter = starts_with(attribute, prefix);
        let walk = walk(session, endpoint, reach, Some(&filter), is_ours).await;
        let silent = walk.trouble.as_ref().is_some_and(|trouble| trouble.silent);
        let strange = walk.read > walk.kept.len() as u64;
        haul.ids.extend(walk.kept);
        if silent || strange {
            // As above; and what gives others than were asked for may leave out some as well.
            trusted = false;
            break;
        }
        if *attribute == main(endpoint) {
            trusted = walk.whole;
        }
    }
    if !trusted {
        let walk = walk(session, endpoint, reach, None, is_ours).await;
        haul.trouble = match walk.trouble {
            Some(trouble) => Some(format!("{endpoint} can't be listed: {}", trouble.said)),
            None if walk.whole => None,
            None => Some(format!(
                "{endpoint} can't be read to its end: its list gave {} resources",
                walk.seen.len()
            )),
        };
        haul.ids.extend(walk.kept);
    }
    let mut known = HashSet::new();
    haul.ids.retain(|id| known.insert(id.clone()));
    haul
}

/// Whether the filter for a prefix finds nothing at all, although something that carries it is there.
pub(super) async fn is_blind(session: &dyn Session, endpoint: &str, prefix: &str) -> bool {
    let filter = starts_with(main(endpoint), prefix);
    let exchange = list(session, endpoint, vec![("filter".to_owned(), filter)]).await;
    resources(&exchange).is_some_and(<[Value]>::is_empty)
}

fn starts_with(attribute: &str, prefix: &str) -> String {
    format!("{attribute} sw {}", Value::from(prefix))
}

/// The attribute that every resource of an endpoint has, and that carries the marker.
fn main(endpoint: &str) -> &'static str {
    if endpoint.to_ascii_lowercase().ends_with("/users") {
        "userName"
    } else {
        "displayName"
    }
}

/// All ids at an endpoint; none where the list can't be read to its end. A list that is too long is
/// given up at its first page.
pub(super) async fn ids(session: &dyn Session, endpoint: &str) -> Option<HashSet<String>> {
    let keep = |_: &Value| false;
    let mut walk = walk(session, endpoint, Reach::Whole, None, keep).await;
    if walk.trouble.is_some() {
        // Some targets refuse a projection.
        walk = self::walk(session, endpoint, Reach::Bounded, None, keep).await;
    }
    walk.whole.then_some(walk.seen)
}

/// Resources at an endpoint that a create without a marker may have made: those that were created
/// since the run began, an hour allowed for clocks, and that are not `known`. None are left out
/// for want of meta.created.
pub(super) async fn since(
    session: &dyn Session,
    endpoint: &str,
    started: &str,
    known: impl Fn(&Value) -> bool,
) -> Found {
    let Ok(started) = started.parse::<jiff::Timestamp>() else {
        return Found::Unsure("it is not known when the run began".to_owned());
    };
    let earliest = started - jiff::SignedDuration::from_hours(1);
    let is_new = |resource: &Value| {
        let created = resource.pointer("/meta/created").and_then(Value::as_str);
        let created = created.and_then(|text| text.parse::<jiff::Timestamp>().ok());
        created.is_none_or(|created| created >= earliest) && !known(resource)
    };
    let walk = walk(session, endpoint, Reach::Bounded, None, is_new).await;
    match walk.trouble {
        Some(trouble) => Found::Unsure(format!("{endpoint} can't be listed: {}", trouble.said)),
        None if walk.whole => Found::Ids(walk.kept),
        None => Found::Unsure(format!(
            "{endpoint} has more than {} resources",
            walk.seen.len()
        )),
    }
}

/// Reads the whole list and checks the marker here.
async fn by_page(session: &dyn Session, endpoint: &str, marker: &str) -> Found {
    let is_ours = |resource: &Value| carries(Some(resource), marker);
    let walk = walk(session, endpoint, Reach::Bounded, None, is_ours).await;
    match walk.trouble {
        _ if !walk.kept.is_empty() => Found::Ids(walk.kept),
        Some(trouble) => Found::Unsure(format!("{endpoint} can't be listed: {}", trouble.said)),
        None if walk.whole => Found::Ids(Vec::new()),
        None => {
            let read = walk.seen.len();
            Found::Unsure(format!("it is not among the first {read} of {endpoint}"))
        }
    }
}

/// The pages of a list.
#[derive(Default)]
struct Walk {
    /// Ids of the resources that were asked for, in order.
    kept: Vec<String>,
    /// All ids.
    seen: HashSet<String>,
    /// Resources, those of the same id once.
    read: u64,
    /// Whether the end was reached.
    whole: bool,
    /// Why a page could not be read.
    trouble: Option<Trouble>,
}

/// A page that could not be read.
struct Trouble {
    /// What came instead.
    said: String,
    /// Whether nothing came.
    silent: bool,
}

/// How far a list is read, and what of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Whole resources, as far as the bound.
    Bounded,
    /// Ids, and nothing after the first page where the bound would cut the list.
    Whole,
    /// Whole resources, for as long as there is time, whatever the list says of its length.
    Until(Instant),
}

impl Reach {
    /// Whether another page may be asked for.
    fn allows(self, pages: u64) -> bool {
        match self {
            Self::Bounded | Self::Whole => pages < MOST_PAGES,
            Self::Until(until) => pages == 0 || Instant::now() < until,
        }
    }
}

/// Reads a list page by page, until its end or the bound.
async fn walk(
    session: &dyn Session,
    endpoint: &str,
    reach: Reach,
    filter: Option<&str>,
    keep: impl Fn(&Value) -> bool,
) -> Walk {
    let mut walk = Walk::default();
    let (mut start, mut pages) = (1, 0);
    while reach.allows(pages) {
        pages += 1;
        let exchange = list(session, endpoint, page_at(start, reach, filter)).await;
        let Some(page) = resources(&exchange) else {
            // Some refuse to show what lies beyond the end.
            walk.trouble = (!walk.whole).then(|| Trouble {
                said: outcome(&exchange),
                silent: exchange.status().is_none(),
            });
            return walk;
        };
        let new = walk.take(page, &keep);
        let total = exchange
            .json()
            .and_then(|body| body.get("totalResults")?.as_u64());
        start += page.len() as u64;
        if let Reach::Until(_) = reach {
            // A list that begins anew at every page has not been read when its length was.
            walk.whole = total.map_or(page.is_empty(), |total| walk.read >= total);
            if new == 0 {
                return walk;
            }
            continue;
        }
        let total = total.unwrap_or_default();
        let hopeless = reach == Reach::Whole && total > MOST_PAGES * page.len() as u64;
        if new == 0 || start > total || hopeless {
            walk.whole = start > total;
            return walk;
        }
    }
    // What comes after the last page that there was time for is not known.
    walk.whole = false;
    walk
}

impl Walk {
    /// Takes a page: how many of its resources are new.
    fn take(&mut self, page: &[Value], keep: impl Fn(&Value) -> bool) -> u64 {
        let mut new = 0;
        for resource in page {
            let Some(id) = resource.get("id").and_then(Value::as_str) else {
                continue;
            };
            if self.seen.insert(id.to_owned()) {
                new += 1;
                if keep(resource) {
                    self.kept.push(id.to_owned());
                }
            }
        }
        self.read += new;
        new
    }
}

/// The query for a page. The first of a filter leaves the size to the target, which may know no other.
fn page_at(start: u64, reach: Reach, filter: Option<&str>) -> Vec<(String, String)> {
    let mut query = Vec::new();
    if let Some(filter) = filter {
        query.push(("filter".to_owned(), filter.to_owned()));
    }
    if filter.is_none() || start > 1 {
        query.push(("startIndex".to_owned(), start.to_string()));
        query.push(("count".to_owned(), PAGE.to_string()));
    }
    if reach == Reach::Whole {
        query.push(("attributes".to_owned(), "id".to_owned()));
    }
    query
}

async fn list(session: &dyn Session, endpoint: &str, query: Vec<(String, String)>) -> Exchange {
    let call = Call {
        query,
        ..Call::read("cleanup", "find by marker", endpoint)
    };
    session.send(call).await
}

/// Resources of a list; none where it was refused or is no list.
fn resources(exchange: &Exchange) -> Option<&[Value]> {
    let body = exchange.json().filter(|_| exchange.status() == Some(200))?;
    match body.get("Resources") {
        Some(Value::Array(resources)) => Some(resources),
        None | Some(Value::Null) => body.get("totalResults").map(|_| &[] as &[Value]),
        Some(_) => None,
    }
}

/// Status or trouble, for a message.
pub(super) fn outcome(exchange: &Exchange) -> String {
    match (&exchange.response, &exchange.failure) {
        (Some(response), _) => format!("status {}", response.status),
        (None, Some(failure)) => failure.detail.clone(),
        (None, None) => "no answer".to_owned(),
    }
}
