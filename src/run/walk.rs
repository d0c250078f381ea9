//! Follows the pages of a list, by index or by cursor, and makes one answer of them.
//!
//! Stops where pages end, go wrong, go round in a circle, or become too many.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::judge::Answer;
use crate::exchange::Exchange;
use crate::session::{Call, Session};
use crate::suite::Paging;

/// Pages after which a walk stops.
const MAX_PAGES: usize = 1000;

/// Follows the pages that begin with this call.
///
/// The exchange of the answer is the first page with the resources of all; a page that is no success
/// or no list ends the walk and is the exchange itself.
pub(super) async fn walk(session: &dyn Session, call: Call, paging: Paging) -> Answer {
    let mut pages: Vec<Exchange> = Vec::new();
    let mut union: Vec<Value> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut place = Place::first(paging);
    let mut cursors = BTreeSet::new();
    while pages.len() < MAX_PAGES {
        let exchange = session.send(place.applied(call.clone())).await;
        let Some(resources) = resources(&exchange) else {
            pages.push(exchange.clone());
            return Answer { exchange, pages };
        };
        union.extend(resources.iter().cloned());
        let next = place.next(&exchange, resources.len(), union.len());
        let again = !resources.is_empty() && !seen.insert(ids(resources));
        pages.push(exchange);
        match next {
            Some(next) if !again && next.is_new(&mut cursors) => place = next,
            _ => break,
        }
    }
    Answer {
        exchange: merge(&pages, union),
        pages,
    }
}

/// Where the next page begins.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Index { start: u64, count: u32 },
    Cursor { cursor: Option<String>, count: u32 },
}

impl Place {
    fn first(paging: Paging) -> Self {
        match paging {
            Paging::Index(count) => Self::Index { start: 1, count },
            Paging::Cursor(count) => Self::Cursor {
                cursor: None,
                count,
            },
        }
    }

    /// The call for this page: its parameters in the query, or in the body of a search.
    fn applied(&self, mut call: Call) -> Call {
        let parameters = match self {
            Self::Index { start, count } => [
                ("startIndex", Value::from(*start)),
                ("count", Value::from(*count)),
            ],
            Self::Cursor { cursor, count } => [
                ("cursor", Value::from(cursor.as_deref().unwrap_or_default())),
                ("count", Value::from(*count)),
            ],
        };
        let search = call.body.as_mut().and_then(|content| {
            let search: Map<String, Value> = serde_json::from_slice(&content.bytes).ok()?;
            Some((content, search))
        });
        if let Some((content, mut search)) = search {
            search.extend(parameters.map(|(name, value)| (name.to_owned(), value)));
            content.bytes = Value::Object(search).to_string().into();
        } else {
            let text = |value: Value| match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            call.query
                .extend(parameters.map(|(name, value)| (name.to_owned(), text(value))));
        }
        call
    }

    /// Whether its cursor was not met before.
    fn is_new(&self, met: &mut BTreeSet<String>) -> bool {
        match self {
            Self::Index { .. } => true,
            Self::Cursor { cursor, .. } => met.insert(cursor.clone().unwrap_or_default()),
        }
    }

    /// The place of the next page; none after the last.
    fn next(&self, page: &Exchange, here: usize, so_far: usize) -> Option<Self> {
        let body = page.json()?;
        match self {
            // RFC 9865 §2.3: a target may page by cursor alone and say so by its answer.
            Self::Index { count, .. }
                if member(body, "startIndex").is_none() && next_cursor(body).is_some() =>
            {
                Some(Self::Cursor {
                    cursor: next_cursor(body).map(str::to_owned),
                    count: *count,
                })
            }
            Self::Index { start, count } => {
                let total = member(body, "totalResults").and_then(Value::as_u64)?;
                let more = here > 0 && (so_far as u64) < total;
                more.then(|| Self::Index {
                    start: start + here as u64,
                    count: *count,
                })
            }
            Self::Cursor { cursor, count } => {
                let next = next_cursor(body).filter(|next| Some(*next) != cursor.as_deref())?;
                Some(Self::Cursor {
                    cursor: Some(next.to_owned()),
                    count: *count,
                })
            }
        }
    }
}

fn next_cursor(body: &Value) -> Option<&str> {
    member(body, "nextCursor")
        .and_then(Value::as_str)
        .filter(|next| !next.is_empty())
}

/// The resources of a page; an absent array is an empty one (RFC 7644 §3.4.2).
fn resources(page: &Exchange) -> Option<&[Value]> {
    if !matches!(page.status(), Some(200..=299)) {
        return None;
    }
    match member(page.json()?, "Resources") {
        Some(Value::Array(resources)) => Some(resources),
        Some(_) => None,
        None => member(page.json()?, "totalResults").map(|_| [].as_slice()),
    }
}

fn ids(resources: &[Value]) -> Vec<String> {
    resources
        .iter()
        .map(|resource| member(resource, "id").unwrap_or(resource).to_string())
        .collect()
}

/// The first page with the resources of all.
fn merge(pages: &[Exchange], union: Vec<Value>) -> Exchange {
    let Some(first) = pages.first() else {
        unreachable!("a walk has at least one page");
    };
    let mut merged = first.clone();
    if let Some(response) = merged.response.as_mut() {
        let mut body = response.body.json.as_deref().cloned().unwrap_or_default();
        if let Some(members) = body.as_object_mut() {
            members.retain(|name, _| {
                !["resources", "itemsperpage", "nextcursor"]
                    .contains(&name.to_ascii_lowercase().as_str())
            });
            members.insert("itemsPerPage".to_owned(), json!(union.len()));
            members.insert("Resources".to_owned(), Value::Array(union));
        }
        response.body.json = Some(Arc::new(body));
    }
    merged
}

fn member<'a>(value: &'a Value, wanted: &str) -> Option<&'a Value> {
    value
        .as_object()?
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Body, Request, Response, Timing};
    use crate::session::{Auth, BoxFuture, Intent, Via};
    use std::sync::Mutex;

    /// Answers with the next of its pages, the last for ever.
    struct Pages(Mutex<Vec<Value>>);

    impl Session for Pages {
        fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
            let mut pages = self.0.lock().unwrap();
            let body = if pages.len() > 1 {
                pages.remove(0)
            } else {
                pages[0].clone()
            };
            Box::pin(async move {
                Exchange {
                    n: 0,
                    case: call.case,
                    step: call.step,
                    request: Request::default(),
                    response: Some(Response {
                        status: 200,
                        body: Body {
                            json: Some(Arc::new(body)),
                            ..Body::default()
                        },
                        ..Response::default()
                    }),
                    failure: None,
                    timing: Timing::default(),
                }
            })
        }

        fn base_url(&self) -> &'static str {
            "http://provider.invalid"
        }
    }

    /// Walks over the pages: how many were read, and the ids of the union.
    async fn check(paging: Paging, pages: Vec<Value>, read: usize, ids: &[&str]) {
        let call = Call {
            case: String::new(),
            step: String::new(),
            method: http::Method::GET,
            path: "/Users".to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            auth: Auth::Main,
            via: Via::default(),
            intent: Intent::Read,
        };
        let answer = walk(&Pages(Mutex::new(pages)), call, paging).await;
        assert_eq!(answer.pages.len(), read);
        let union = resources(&answer.exchange).unwrap();
        let found: Vec<&str> = union.iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert_eq!(found, ids);
    }

    fn page(total: u64, ids: &[&str]) -> Value {
        let resources: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
        json!({"totalResults": total, "Resources": resources})
    }

    #[tokio::test]
    async fn pages_are_followed_to_their_end_and_no_further() {
        check(
            Paging::Index(2),
            vec![page(3, &["a", "b"]), page(3, &["c"])],
            2,
            &["a", "b", "c"],
        )
        .await;
        check(Paging::Index(2), vec![json!({"totalResults": 0})], 1, &[]).await;
        check(
            Paging::Index(2),
            vec![page(9, &["a", "b"]), page(9, &[])],
            2,
            &["a", "b"],
        )
        .await;
        let circle = vec![page(9, &["a", "b"])];
        check(Paging::Index(2), circle, 2, &["a", "b", "a", "b"]).await;
        let mut first = page(3, &["a"]);
        first["nextCursor"] = json!("x");
        check(
            Paging::Cursor(1),
            vec![first, page(3, &["b"])],
            2,
            &["a", "b"],
        )
        .await;
        let mut by_cursor = page(2, &["a"]);
        by_cursor["nextCursor"] = json!("x");
        check(
            Paging::Index(1),
            vec![by_cursor, page(2, &["b"])],
            2,
            &["a", "b"],
        )
        .await;
        let named = |id: &str, next: &str| {
            let mut named = page(9, &[id]);
            named["nextCursor"] = json!(next);
            named
        };
        check(
            Paging::Cursor(1),
            vec![named("a", "x"), named("b", "y"), named("c", "x")],
            3,
            &["a", "b", "c"],
        )
        .await;
    }

    #[test]
    fn the_pages_of_a_search_are_asked_for_in_its_body() {
        let search = Call {
            case: String::new(),
            step: String::new(),
            method: http::Method::POST,
            path: "/Users/.search".to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Some(crate::session::Content {
                media_type: String::new(),
                bytes: r#"{"filter":"userName pr"}"#.into(),
            }),
            auth: Auth::Main,
            via: Via::default(),
            intent: Intent::Read,
        };
        let sent = Place::first(Paging::Cursor(2)).applied(search);
        assert_eq!(sent.query, []);
        assert_eq!(
            sent.body.unwrap().bytes,
            r#"{"filter":"userName pr","cursor":"","count":2}"#
        );
    }
}
