//! Finds resources again by the marker that they carry.

use std::collections::HashSet;

use http::Method;
use serde_json::Value;

use super::adopt::carries;
use super::guard::read_call;
use crate::exchange::Exchange;
use crate::session::intent::MARKED;
use crate::session::{Auth, Call, Intent, Session, Via};

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
            let exchange = list(session, endpoint, vec![("filter".to_owned(), filter)]).await;
            let Some(resources) = resources(&exchange) else {
                continue;
            };
            let ids = marked(resources, marker);
            if !ids.is_empty() {
                return Found::Ids(ids);
            }
            if !resources.is_empty() {
                return by_page(session, endpoint, marker).await;
            }
            // The marker may be a prefix, so that `eq` proves nothing by finding nothing.
            trusted |= operator == "sw";
        }
    }
    if trusted {
        return Found::Ids(Vec::new());
    }
    by_page(session, endpoint, marker).await
}

/// All ids at an endpoint; none where the list can't be read to its end. A list that is too long is
/// given up at its first page.
pub(super) async fn ids(session: &dyn Session, endpoint: &str) -> Option<HashSet<String>> {
    let keep = |_: &Value| false;
    let walk = match walk(session, endpoint, Reach::Whole, keep).await {
        Ok(walk) => Ok(walk),
        // Some targets refuse a projection.
        Err(_) => self::walk(session, endpoint, Reach::Bounded, keep).await,
    };
    walk.ok().filter(|walk| walk.whole).map(|walk| walk.seen)
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
    match walk(session, endpoint, Reach::Bounded, is_new).await {
        Err(why) => Found::Unsure(why),
        Ok(walk) if walk.whole => Found::Ids(walk.kept),
        Ok(walk) => Found::Unsure(format!(
            "{endpoint} has more than {} resources",
            walk.seen.len()
        )),
    }
}

/// Reads the whole list and checks the marker here.
async fn by_page(session: &dyn Session, endpoint: &str, marker: &str) -> Found {
    let is_ours = |resource: &Value| carries(Some(resource), marker);
    match walk(session, endpoint, Reach::Bounded, is_ours).await {
        Err(why) => Found::Unsure(why),
        Ok(walk) if walk.kept.is_empty() && !walk.whole => {
            let read = walk.seen.len();
            Found::Unsure(format!("it is not among the first {read} of {endpoint}"))
        }
        Ok(walk) => Found::Ids(walk.kept),
    }
}

/// The pages of a list.
#[derive(Default)]
struct Walk {
    /// Ids of the resources that were asked for, in order.
    kept: Vec<String>,
    /// All ids.
    seen: HashSet<String>,
    /// Whether the end was reached.
    whole: bool,
}

/// How far a list is read, and what of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Whole resources, as far as the bound.
    Bounded,
    /// Ids, and nothing after the first page where the bound would cut the list.
    Whole,
}

/// Reads a list page by page, until its end or the bound.
async fn walk(
    session: &dyn Session,
    endpoint: &str,
    reach: Reach,
    keep: impl Fn(&Value) -> bool,
) -> Result<Walk, String> {
    let mut walk = Walk::default();
    let mut start = 1;
    for _ in 0..MOST_PAGES {
        let mut query = vec![
            ("startIndex".to_owned(), start.to_string()),
            ("count".to_owned(), PAGE.to_string()),
        ];
        if reach == Reach::Whole {
            query.push(("attributes".to_owned(), "id".to_owned()));
        }
        let exchange = list(session, endpoint, query).await;
        let Some(page) = resources(&exchange) else {
            return Err(format!(
                "{endpoint} can't be listed: {}",
                outcome(&exchange)
            ));
        };
        let mut new = 0;
        for resource in page {
            let Some(id) = resource.get("id").and_then(Value::as_str) else {
                continue;
            };
            if walk.seen.insert(id.to_owned()) {
                new += 1;
                if keep(resource) {
                    walk.kept.push(id.to_owned());
                }
            }
        }
        let total = exchange
            .json()
            .and_then(|body| body.get("totalResults")?.as_u64())
            .unwrap_or_default();
        start += page.len() as u64;
        let hopeless = reach == Reach::Whole && total > MOST_PAGES * page.len() as u64;
        if new == 0 || start > total || hopeless {
            walk.whole = start > total;
            return Ok(walk);
        }
    }
    Ok(walk)
}

async fn list(session: &dyn Session, endpoint: &str, query: Vec<(String, String)>) -> Exchange {
    let call = Call {
        case: "cleanup".to_owned(),
        step: "find by marker".to_owned(),
        method: Method::GET,
        path: endpoint.to_owned(),
        query,
        headers: Vec::new(),
        body: None,
        auth: Auth::Main,
        via: Via::default(),
        intent: Intent::Read,
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

fn marked(resources: &[Value], marker: &str) -> Vec<String> {
    resources
        .iter()
        .filter(|resource| carries(Some(resource), marker))
        .filter_map(|resource| Some(resource.get("id")?.as_str()?.to_owned()))
        .collect()
}

/// Status or trouble, for a message.
pub(super) fn outcome(exchange: &Exchange) -> String {
    match (&exchange.response, &exchange.failure) {
        (Some(response), _) => format!("status {}", response.status),
        (None, Some(failure)) => failure.detail.clone(),
        (None, None) => "no answer".to_owned(),
    }
}
