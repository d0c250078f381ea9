//! Follows the pages of a list, by index or by cursor, and makes one answer of them.
//!
//! Stops where pages end, go wrong, go round in a circle, or become too many.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

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
    while pages.len() < MAX_PAGES {
        let mut page = call.clone();
        page.query.extend(place.query());
        let exchange = session.send(page).await;
        let Some(resources) = resources(&exchange) else {
            pages.push(exchange.clone());
            return Answer { exchange, pages };
        };
        union.extend(resources.iter().cloned());
        let next = place.next(&exchange, resources.len(), union.len());
        let again = !resources.is_empty() && !seen.insert(ids(resources));
        pages.push(exchange);
        match next {
            Some(next) if !again => place = next,
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

    fn query(&self) -> Vec<(String, String)> {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        match self {
            Self::Index { start, count } => vec![
                pair("startIndex", start.to_string()),
                pair("count", count.to_string()),
            ],
            Self::Cursor { cursor, count } => vec![
                pair("cursor", cursor.clone().unwrap_or_default()),
                pair("count", count.to_string()),
            ],
        }
    }

    /// The place of the next page; none after the last.
    fn next(&self, page: &Exchange, here: usize, so_far: usize) -> Option<Self> {
        let body = page.json()?;
        match self {
            Self::Index { start, count } => {
                let total = member(body, "totalResults").and_then(Value::as_u64)?;
                let more = here > 0 && (so_far as u64) < total;
                more.then(|| Self::Index {
                    start: start + here as u64,
                    count: *count,
                })
            }
            Self::Cursor { cursor, count } => {
                let next = member(body, "nextCursor")
                    .and_then(Value::as_str)
                    .filter(|next| !next.is_empty() && Some(*next) != cursor.as_deref())?;
                Some(Self::Cursor {
                    cursor: Some(next.to_owned()),
                    count: *count,
                })
            }
        }
    }
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
    use crate::session::{Auth, BoxFuture, Intent};
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
    }
}
