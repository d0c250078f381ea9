//! Where resources of any type are made for one example each: created, read, changed, deleted.
//!
//! Learns first which attributes the target keeps; judges nothing.

use std::sync::{Mutex, PoisonError};

use http::Method;
use serde_json::{Map, Value, json};

use super::fair::same;
use super::kind::{Field, Kind, refers};
use super::value::Drawer;
use crate::exchange::Exchange;
use crate::payload::{Change, Draft, Scope, build};
use crate::probe::Arena;
use crate::scim::resource::{is_assigned, member};
use crate::scim::schema::{Attribute, Mutability};
use crate::scim::urn;
use crate::seed::Seed;
use crate::session::segment;

/// How many users others refer to.
const PEERS: usize = 4;

/// Where resources are made.
pub(in crate::probe) struct Ground<'a> {
    /// What the probe works with.
    pub(in crate::probe) arena: &'a Arena,
    /// What the target advertises.
    pub(in crate::probe) kinds: Vec<Kind>,
    /// Ids of users of our own, to whom others refer.
    pub(in crate::probe) peers: Vec<String>,
    /// Paths of what is there until the end.
    lasting: Vec<String>,
    /// Names of resources; each is taken once.
    scope: Mutex<Scope>,
}

impl<'a> Ground<'a> {
    /// A ground on which nothing is known yet.
    pub(in crate::probe) fn new(arena: &'a Arena) -> Self {
        Self {
            arena,
            kinds: Kind::all(&arena.capabilities),
            peers: Vec::new(),
            lasting: Vec::new(),
            scope: Mutex::new(arena.scope.clone()),
        }
    }

    /// A drawer whose values follow from a seed.
    pub(in crate::probe) fn drawer(&self, seed: Seed) -> Drawer<'_> {
        Drawer {
            rng: seed.rng(),
            peers: &self.peers,
        }
    }

    /// Learns which attributes of which types keep the plainest value, and drops the types that can't be created.
    /// The last refusal is kept where nothing can.
    pub(in crate::probe) async fn learn(&mut self) -> Option<Exchange> {
        let mut refused = None;
        if let Some(users) = self.kinds.iter().position(|kind| kind.name == "User") {
            for _ in 0..PEERS {
                let body = self.body(users, &Map::new());
                let created = self.create(users, &body).await;
                if let Some(path) = self.path(users, &created) {
                    let id = created.json().and_then(|body| member(body, "id"));
                    self.peers
                        .extend(id.and_then(Value::as_str).map(str::to_owned));
                    self.lasting.push(path);
                }
            }
        }
        let mut usable = Vec::new();
        for kind in 0..self.kinds.len() {
            match self.learn_of(kind).await {
                Ok(fields) => {
                    self.kinds[kind].fields = fields;
                    usable.push(true);
                }
                Err(exchange) => {
                    refused = Some(exchange);
                    usable.push(false);
                }
            }
        }
        let mut usable = usable.into_iter();
        self.kinds.retain(|_| usable.next().unwrap_or(false));
        refused
    }

    /// The attributes of a type with what of them can be walked.
    async fn learn_of(&self, kind: usize) -> Result<Vec<Field>, Exchange> {
        let mut fields = self.kinds[kind].fields.clone();
        let mut fine: Vec<usize> = (0..fields.len())
            .filter(|at| self.is_written(&fields[*at]))
            .collect();
        let mut created = self.create_plain(kind, &fields, &fine).await;
        if matches!(created.status(), Some(400..=599)) {
            // Something is not to its taste: find out what, one by one.
            let mut kept = Vec::new();
            for at in fine {
                if self.is_taken(kind, &mut fields, at).await {
                    kept.push(at);
                }
            }
            fine = kept;
            created = self.create_plain(kind, &fields, &fine).await;
        }
        if self.path(kind, &created).is_none() {
            return Err(created);
        }
        self.settle().await;
        let shown = self.read(kind, &created).await;
        self.delete(kind, &created).await;
        let Some(resource) = shown.json().filter(|_| shown.status() == Some(200)) else {
            return Err(shown);
        };
        let mut drawer = self.drawer(Seed(0));
        for (at, field) in fields.iter_mut().enumerate() {
            // Drawn for what is not shown, too: each value follows from those before it.
            let sent = fine.contains(&at).then(|| drawer.plain(field));
            field.kept = match (field.definition.mutability, sent) {
                (Mutability::ReadOnly, _) => true,
                (_, None) => false,
                (_, Some(_)) if !field.is_shown() => true,
                (_, Some(sent)) => prune(field, &sent, resource),
            };
        }
        Ok(fields)
    }

    /// Whether an attribute is tried out.
    fn is_written(&self, field: &Field) -> bool {
        let lone = refers(&field.definition) && self.peers.is_empty();
        !field.marked && field.definition.mutability != Mutability::ReadOnly && !lone
    }

    async fn create_plain(&self, kind: usize, fields: &[Field], chosen: &[usize]) -> Exchange {
        let mut members = Map::new();
        {
            let mut drawer = self.drawer(Seed(0));
            for field in chosen.iter().filter_map(|at| fields.get(*at)) {
                let value = drawer.plain(field);
                field.put(&mut members, value);
            }
        }
        self.create(kind, &self.body(kind, &members)).await
    }

    /// Whether a plain value of an attribute is taken, if need be without the parts that it can do without.
    async fn is_taken(&self, kind: usize, fields: &mut [Field], at: usize) -> bool {
        let whole = self.create_plain(kind, fields, &[at]).await;
        self.delete(kind, &whole).await;
        if whole.status().is_some_and(|status| status < 300) {
            return true;
        }
        let bare = |sub: &Attribute| sub.required || sub.is_named("value");
        let Some(field) = fields.get_mut(at) else {
            return false;
        };
        if field.definition.sub("value").is_none() {
            return false;
        }
        field.forget(|sub| !bare(sub));
        let bare = self.create_plain(kind, fields, &[at]).await;
        self.delete(kind, &bare).await;
        bare.status().is_some_and(|status| status < 300)
    }

    /// The body of a resource with a name of its own and these members.
    pub(in crate::probe) fn body(&self, kind: usize, members: &Map<String, Value>) -> Value {
        let kind = &self.kinds[kind];
        let mut with = members.clone();
        self.complete(kind, &mut with);
        let urns = members.keys().filter(|name| urn::is_urn(name));
        let listed = std::iter::once(&kind.schemas.core.id).chain(urns);
        with.insert("schemas".to_owned(), listed.map(|urn| json!(urn)).collect());
        let change = Change {
            with: Draft::parse(&Value::Object(with)).ok(),
            without: Vec::new(),
        };
        let mut scope = self.scope.lock().unwrap_or_else(PoisonError::into_inner);
        build(&kind.fixture, &change, &mut scope, self.arena.adaptation()).unwrap_or_default()
    }

    /// Fills in what extensions require that come with the members.
    fn complete(&self, kind: &Kind, members: &mut Map<String, Value>) {
        let mut drawer = self.drawer(Seed(0));
        for field in &kind.fields {
            let definition = &field.definition;
            let wanted = definition.required && definition.mutability != Mutability::ReadOnly;
            if field.urn.is_empty() || !wanted || !members.contains_key(&field.urn) {
                continue;
            }
            let there = members
                .get(&field.urn)
                .and_then(|container| member(container, &definition.name))
                .is_some();
            if !there {
                let value = drawer.plain(field);
                field.put(members, value);
            }
        }
    }

    /// Creates a resource.
    pub(in crate::probe) async fn create(&self, kind: usize, body: &Value) -> Exchange {
        let endpoint = &self.kinds[kind].endpoint;
        self.arena
            .send("create", Method::POST, endpoint, body)
            .await
    }

    /// Reads a resource that was created.
    pub(in crate::probe) async fn read(&self, kind: usize, created: &Exchange) -> Exchange {
        self.read_with(kind, created, &[]).await
    }

    /// Reads it with parameters.
    pub(in crate::probe) async fn read_with(
        &self,
        kind: usize,
        created: &Exchange,
        query: &[(&str, &str)],
    ) -> Exchange {
        let path = self.path(kind, created);
        let path = path.unwrap_or_else(|| self.kinds[kind].endpoint.clone());
        self.arena.get("read", &path, query).await
    }

    /// Deletes a resource, if one was created.
    pub(in crate::probe) async fn delete(&self, kind: usize, created: &Exchange) {
        if let Some(path) = self.path(kind, created) {
            self.arena.delete("delete", &path).await;
        }
    }

    /// Where a created resource is.
    pub(in crate::probe) fn path(&self, kind: usize, created: &Exchange) -> Option<String> {
        let success = matches!(created.status(), Some(200..=299));
        let id = member(created.json().filter(|_| success)?, "id")?.as_str()?;
        Some(format!("{}/{}", self.kinds[kind].endpoint, segment(id)))
    }

    /// Waits until a read shows what was written.
    pub(in crate::probe) async fn settle(&self) {
        if let Some(window) = self.arena.window {
            self.arena.clock.sleep(window).await;
        }
    }

    /// Deletes what was there for all examples.
    pub(in crate::probe) async fn leave(&self) {
        for path in &self.lasting {
            self.arena.delete("delete", path).await;
        }
    }

    /// What the target advertises and takes otherwise than plainly, or not at all: names of attributes by type.
    pub(in crate::probe) fn unkept(&self) -> Vec<String> {
        let of = |kind: &Kind| {
            let fields = kind.fields.iter();
            let fields = fields.filter(|it| it.is_free() && it.is_shown());
            let names = fields.flat_map(|field| {
                let whole = (!field.kept).then(|| field.path());
                let parts = field.lost.iter().filter(|_| field.kept);
                let parts = parts.map(|name| format!("{}.{name}", field.path()));
                whole.into_iter().chain(parts).collect::<Vec<_>>()
            });
            names
                .map(|name| format!("{name} of {}", kind.name))
                .collect::<Vec<_>>()
        };
        self.kinds.iter().flat_map(of).collect()
    }
}

/// Leaves of an attribute the parts that came back as they were sent; whether there are any.
fn prune(field: &mut Field, sent: &Value, resource: &Value) -> bool {
    let found = field.of_resource(resource).cloned();
    let kept = |sent: &Value| same(sent, found.as_ref(), &field.definition, "").is_ok();
    if kept(sent) {
        return true;
    }
    let alone = |name: &str| match sent {
        Value::Array(items) => items.iter().map(|item| part(item, name)).collect(),
        one => part(one, name),
    };
    let subs = field.definition.sub_attributes.iter();
    let fine: Vec<String> = subs
        .filter(|sub| kept(&alone(&sub.name)))
        .map(|sub| sub.name.clone())
        .collect();
    field.forget(|sub| !fine.contains(&sub.name));
    !fine.is_empty()
}

/// A value with one of its parts.
fn part(value: &Value, name: &str) -> Value {
    let found = value.get(name).map(|it| (name.to_owned(), it.clone()));
    Value::Object(found.into_iter().collect())
}

/// Whether an attribute has a value in a resource.
pub(in crate::probe) fn has(value: Option<&Value>) -> bool {
    value.is_some_and(is_assigned)
}
