//! Where a probe makes users or groups for one example each: created from a fixture with whatever was drawn, read, deleted.
//!
//! Judges nothing.

use std::sync::{Mutex, PoisonError};

use http::Method;
use serde_json::{Map, Value, json};

use super::Arena;
use super::patch::{Place, full};
use crate::exchange::Exchange;
use crate::payload::{Change, Draft, Fixture, Scope, build};
use crate::scim::resource::{equal, member};
use crate::scim::schema::SchemaSet;
use crate::scim::urn;
use crate::session::segment;

/// Where resources of a type are made.
pub(super) struct Bench<'a> {
    /// What the probe works with.
    pub(super) arena: &'a Arena,
    /// What they are made of.
    fixture: &'static str,
    /// Where they are.
    pub(super) endpoint: String,
    /// Their schemas.
    pub(super) schemas: SchemaSet,
    /// Their names; each is taken once.
    scope: Mutex<Scope>,
}

/// How an example went wrong.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    /// The requirement that it breaks.
    pub(super) requirement: &'static str,
    /// Where, as a judgement says it.
    pub(super) at: String,
    pub(super) expected: String,
    pub(super) actual: String,
    /// The exchange that shows it.
    pub(super) exchange: Exchange,
}

impl<'a> Bench<'a> {
    /// A bench of users, where the target has a schema of them.
    pub(super) fn new(arena: &'a Arena) -> Option<Self> {
        Self::of(arena, "User")
    }

    /// A bench of users or groups, where the target has a schema of them.
    pub(super) fn of(arena: &'a Arena, kind: &str) -> Option<Self> {
        Some(Self {
            arena,
            fixture: match kind {
                "Group" => "group/minimal",
                _ => "user/minimal",
            },
            endpoint: arena.endpoint(kind),
            schemas: arena.capabilities.schema_set(kind)?,
            scope: Mutex::new(arena.scope.clone()),
        })
    }

    /// Which of these places have values that the target keeps as they were sent; why that can't be learned, and
    /// the exchange that shows it.
    pub(super) async fn learn(
        &self,
        mut all: Vec<Place>,
    ) -> Result<Vec<Place>, (String, Option<Exchange>)> {
        let mut created = self.create(&full(&all)).await;
        if created.status() == Some(400) {
            // Something is not to its taste: find out what, one by one.
            let mut fine = Vec::new();
            for place in all {
                let one = self.create(&full(std::slice::from_ref(&place))).await;
                if is_success(&one) {
                    fine.push(place);
                }
                self.delete(&one).await;
            }
            all = fine;
            created = self.create(&full(&all)).await;
        }
        if !is_success(&created) {
            return Err((format!("set-up: {}", created.said()), Some(created)));
        }
        let shown = self.read(&created).await;
        self.delete(&created).await;
        let Some(user) = shown.json().filter(|_| shown.status() == Some(200)) else {
            return Err((format!("set-up: {}", shown.said()), Some(shown)));
        };
        let sent = full(&all);
        all.retain(|place| keeps(&sent, user, place));
        Ok(all)
    }

    /// The body of a resource with a name of its own and these members.
    pub(super) fn body(&self, members: &Map<String, Value>) -> Value {
        let built = Fixture::find(self.fixture).and_then(|fixture| {
            let mut with = members.clone();
            let urns = members.keys().filter(|name| urn::is_urn(name));
            let listed = std::iter::once(&self.schemas.core.id).chain(urns);
            with.insert("schemas".to_owned(), listed.map(|urn| json!(urn)).collect());
            let change = Change {
                with: Draft::parse(&Value::Object(with)).ok(),
                without: Vec::new(),
            };
            let mut scope = self.scope.lock().unwrap_or_else(PoisonError::into_inner);
            build(fixture, &change, &mut scope, self.arena.adaptation()).ok()
        });
        built.unwrap_or_default()
    }

    /// Creates a resource.
    pub(super) async fn create(&self, members: &Map<String, Value>) -> Exchange {
        let body = self.body(members);
        self.arena
            .send("create", Method::POST, &self.endpoint, &body)
            .await
    }

    /// A resource to which nothing was given beside a name, as it is shown: what else it has are defaults.
    pub(super) async fn bare(&self) -> Value {
        let created = self.create(&Map::new()).await;
        let seen = self.read(&created).await;
        self.delete(&created).await;
        shown(&seen).cloned().unwrap_or_default()
    }

    /// Reads a resource that was created.
    pub(super) async fn read(&self, created: &Exchange) -> Exchange {
        let path = self.path(created).unwrap_or_else(|| self.endpoint.clone());
        self.arena.get("read", &path, &[]).await
    }

    /// Deletes a resource, if one was created.
    pub(super) async fn delete(&self, created: &Exchange) {
        if let Some(path) = self.path(created) {
            self.arena.delete("delete", &path).await;
        }
    }

    /// Where a created resource is.
    pub(super) fn path(&self, created: &Exchange) -> Option<String> {
        let body = created.json().filter(|_| is_success(created))?;
        let id = member(body, "id")?.as_str()?;
        Some(format!("{}/{}", self.endpoint, segment(id)))
    }

    /// Waits until a read shows what was written.
    pub(super) async fn settle(&self) {
        if let Some(window) = self.arena.window {
            self.arena.clock.sleep(window).await;
        }
    }
}

/// Whether a request was carried out.
pub(super) fn is_success(exchange: &Exchange) -> bool {
    matches!(exchange.status(), Some(200..=299))
}

/// The resource that an answer with 200 shows.
pub(super) fn shown(exchange: &Exchange) -> Option<&Value> {
    exchange.json().filter(|_| exchange.status() == Some(200))
}

/// Whether a value came back as it was sent.
fn keeps(sent: &Map<String, Value>, shown: &Value, place: &Place) -> bool {
    let sent = Value::Object(sent.clone());
    match (at(&sent, place), at(shown, place)) {
        (Some(sent), Some(shown)) => equal(sent, shown, Some(&place.definition)).is_ok(),
        _ => false,
    }
}

/// What a resource has at a place.
pub(super) fn at<'v>(resource: &'v Value, place: &Place) -> Option<&'v Value> {
    let holder = match place.urn.as_str() {
        "" => Some(resource),
        urn => member(resource, urn),
    };
    holder.and_then(|holder| member(holder, &place.definition.name))
}
