//! A whole list, put together from its pages where the target shows less than all of it on one.
//!
//! Judges nothing; whoever asks sees by `totalResults` whether something is missing.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Arena;
use super::population::USERS;
use crate::exchange::Exchange;
use crate::scim::list::ListView;
use crate::scim::resource::{member, spelling};

/// Results beyond which a list is left as it is: our own users are fewer.
const MOST: u64 = 2 * USERS as u64;

/// What asks for the next page.
pub(super) type More = Vec<(&'static str, Value)>;

/// The first page with the resources of those after it, each asked for with what leads to it. At most one request a
/// result.
pub(super) async fn whole<F>(arena: &Arena, ask: impl Fn(More) -> F) -> Exchange
where
    F: Future<Output = Exchange>,
{
    let mut first = ask(Vec::new()).await;
    let Some(mut pages) = Pages::begun(&first) else {
        return first;
    };
    let by_index = arena.capabilities.has("spc.pagination.index") != Some(false);
    if !by_index && pages.next.is_none() {
        // Who has cursors alone gives one to whoever asks for it.
        let again = ask(vec![("cursor", json!(""))]).await;
        match Pages::begun(&again) {
            Some(begun) => (first, pages) = (again, begun),
            None => {
                return if again.status() == Some(200) {
                    again
                } else {
                    first
                };
            }
        }
    }
    for _ in 0..MOST {
        if pages.is_whole() {
            break;
        }
        let more = match (&pages.next, by_index) {
            (Some(cursor), _) => vec![("cursor", json!(cursor))],
            (None, true) => vec![("startIndex", json!(pages.held + 1))],
            (None, false) => break,
        };
        let page = ask(more).await;
        if page.status() != Some(200) || !pages.add(&page) {
            break;
        }
    }
    pages.into(first)
}

/// Pages so far.
struct Pages {
    total: u64,
    /// Resources on all of them.
    held: usize,
    /// Those that differ.
    resources: Vec<Value>,
    /// Cursor of the next page.
    next: Option<String>,
}

impl Pages {
    /// The first page of several.
    fn begun(exchange: &Exchange) -> Option<Self> {
        let body = exchange.json().filter(|_| exchange.status() == Some(200))?;
        let list = ListView::read(body)?;
        let total = list.total_results.filter(|total| *total <= MOST)?;
        let here = list.resources.len() as u64;
        (total > here && here > 0).then(|| Self {
            total,
            held: list.resources.len(),
            resources: list.resources.to_vec(),
            next: list.next_cursor.map(str::to_owned),
        })
    }

    /// Takes a page; whether it brought something.
    fn add(&mut self, exchange: &Exchange) -> bool {
        let Some(list) = exchange.json().and_then(ListView::read) else {
            return false;
        };
        self.next = list.next_cursor.map(str::to_owned);
        let fresh = list
            .resources
            .iter()
            .filter(|one| !self.resources.contains(one));
        let fresh: Vec<Value> = fresh.cloned().collect();
        self.held += list.resources.len();
        self.resources.extend(fresh.iter().cloned());
        !fresh.is_empty()
    }

    fn is_whole(&self) -> bool {
        self.held as u64 >= self.total
    }

    /// The first page with all resources, each once: where the order changes between pages some come twice, and others
    /// are missing.
    fn into(self, mut first: Exchange) -> Exchange {
        let mut seen = BTreeSet::new();
        let mut resources = self.resources;
        resources.retain(|one| match member(one, "id").and_then(Value::as_str) {
            Some(id) => seen.insert(id.to_owned()),
            None => true,
        });
        let body = first.json().cloned();
        if let (Some(mut body), Some(response)) = (body, &mut first.response) {
            let name = spelling(&body, "Resources").unwrap_or_else(|| "Resources".to_owned());
            body[name] = Value::Array(resources);
            response.body.json = Some(Arc::new(body));
        }
        first
    }
}

impl Arena {
    /// All that a query selects.
    pub(super) async fn get_whole(
        &self,
        step: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Exchange {
        whole(self, |more| async move {
            let more = more.into_iter().map(|(name, value)| match value {
                Value::String(text) => (name, text),
                other => (name, other.to_string()),
            });
            let more: Vec<(&str, String)> = more.collect();
            let further = more.iter().map(|(name, text)| (*name, text.as_str()));
            let query: Vec<(&str, &str)> = query.iter().copied().chain(further).collect();
            self.get(step, path, &query).await
        })
        .await
    }
}
