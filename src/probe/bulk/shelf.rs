//! A shelf: users and a group on which the operations are carried out, together or one by one.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};

use super::answer::Part;
use super::example::{Example, Member, NEW, OLD, Operation};
use crate::exchange::Exchange;
use crate::probe::bench::{Bench, is_success, shown};
use crate::probe::script::Script;
use crate::scim::resource::{canonicalise, member, member_mut};
use crate::scim::urn;
use crate::session::segment;

/// Where users and groups are made.
pub(super) struct Benches<'a> {
    pub(super) users: Bench<'a>,
    pub(super) groups: Option<Bench<'a>>,
}

/// What the operations are carried out on.
pub(super) struct Shelf<'a> {
    benches: &'a Benches<'a>,
    /// Ids by what goes by them: `U1`, `U2`, `G`, `N1`, and `F3` for the group of the third operation.
    pub(super) ids: BTreeMap<String, String>,
    /// Bodies without further members, each with a name of its own.
    old: Vec<Value>,
    new: Vec<Value>,
    groups: BTreeMap<usize, Value>,
    pub(super) script: Script,
    /// Whether a request was not answered: then nothing can be said of what is there.
    pub(super) silent: bool,
}

/// Why a shelf can't be set up.
pub(super) enum NoShelf {
    Refused,
    Silent(String),
}

impl<'a> Shelf<'a> {
    /// Creates the users and the group that are there before.
    pub(super) async fn stock(
        benches: &'a Benches<'a>,
        example: &Example,
    ) -> Result<Self, (Self, NoShelf)> {
        let bare = |bench: &Bench<'_>| bench.body(&Map::new());
        let mut shelf = Self {
            benches,
            ids: BTreeMap::new(),
            old: (0..OLD).map(|_| bare(&benches.users)).collect(),
            new: (0..NEW).map(|_| bare(&benches.users)).collect(),
            groups: BTreeMap::new(),
            script: Script::default(),
            silent: false,
        };
        for (number, members) in example.users.iter().enumerate() {
            let body = shelf.user(shelf.old.get(number), members);
            let word = format!("U{}", number + 1);
            if let Err(why) = shelf.make(&benches.users, &word, &body).await {
                return Err((shelf, why));
            }
        }
        if let Some(groups) = &benches.groups {
            let mut body = bare(groups);
            let members: Vec<Member> = example.members.iter().map(|it| Member::Old(*it)).collect();
            if !members.is_empty() {
                body["members"] = Value::Array(shelf.references(example, &members, false));
            }
            if let Err(why) = shelf.make(groups, "G", &body).await {
                return Err((shelf, why));
            }
            for (number, operation) in example.operations.iter().enumerate() {
                if let Operation::Found(_) = operation {
                    shelf.groups.insert(number, bare(groups));
                }
            }
        }
        Ok(shelf)
    }

    async fn make(&mut self, bench: &Bench<'_>, word: &str, body: &Value) -> Result<(), NoShelf> {
        let arena = bench.arena;
        let exchange = arena
            .send("set-up", Method::POST, &bench.endpoint, body)
            .await;
        let id = id(&exchange);
        let created = id.as_deref().map(|id| (word, id));
        let status = exchange.status();
        self.script
            .add(&Method::POST, &bench.endpoint, Some(body), created, status);
        match (id, status) {
            (Some(id), _) => {
                self.ids.insert(word.to_owned(), id);
                Ok(())
            }
            (None, None) => Err(NoShelf::Silent(exchange.said())),
            _ => Err(NoShelf::Refused),
        }
    }

    /// An operation as it stands in a bulk request; with `real` ids of new users as it is sent alone. None where it
    /// refers to somebody who is not there.
    pub(super) fn operation(&self, example: &Example, number: usize, real: bool) -> Option<Value> {
        let users = &self.benches.users.endpoint;
        let at = |endpoint: &str, word: &str| {
            let id = self.ids.get(word)?;
            Some(format!("{endpoint}/{}", segment(id)))
        };
        let user = |user: &usize| at(users, &format!("U{}", user + 1));
        let group = || at(&self.benches.groups.as_ref()?.endpoint, "G");
        let message = |all: Value| json!({"schemas": [urn::PATCH_OP], "Operations": all});
        let (method, path, data) = match example.operations.get(number)? {
            Operation::Create(user, members) => {
                let body = self.user(self.new.get(*user), members);
                ("POST", users.clone(), Some(body))
            }
            Operation::Twin(user) => ("POST", users.clone(), self.old.get(*user).cloned()),
            Operation::Found(members) => {
                let mut body = self.groups.get(&number)?.clone();
                let members = self.references(example, members, real);
                if !members.is_empty() {
                    body["members"] = Value::Array(members);
                }
                let groups = self.benches.groups.as_ref()?;
                ("POST", groups.endpoint.clone(), Some(body))
            }
            Operation::Replace(it, members) => {
                let body = self.user(self.old.get(*it), members);
                ("PUT", user(it)?, Some(body))
            }
            Operation::Patch(it, all) => {
                ("PATCH", user(it)?, Some(message(Value::Array(all.clone()))))
            }
            Operation::Senseless(it) => {
                ("PATCH", user(it)?, Some(message(json!([{"op": "remove"}]))))
            }
            Operation::Add(members) => {
                let members = self.references(example, members, real);
                if members.is_empty() {
                    return None;
                }
                let all = json!([{"op": "add", "path": "members", "value": members}]);
                ("PATCH", group()?, Some(message(all)))
            }
            Operation::Drop(it) => {
                let id = self.ids.get(&format!("U{}", it + 1))?;
                let chosen = format!("members[value eq {}]", Value::from(id.as_str()));
                let all = json!([{"op": "remove", "path": chosen}]);
                ("PATCH", group()?, Some(message(all)))
            }
            Operation::Delete(it) => ("DELETE", user(it)?, None),
        };
        let mut operation = json!({"method": method, "path": path});
        if method == "POST" {
            operation["bulkId"] = json!(format!("q{number}"));
        }
        if let Some(data) = data {
            operation["data"] = data;
        }
        Some(operation)
    }

    /// Members by their ids, or by the bulkIds of those who are being created.
    fn references(&self, example: &Example, members: &[Member], real: bool) -> Vec<Value> {
        let value = |member: &Member| match member {
            Member::Old(user) => self.ids.get(&format!("U{}", user + 1)).cloned(),
            Member::New(user) if real => self.ids.get(&format!("N{}", user + 1)).cloned(),
            Member::New(user) => Some(format!("bulkId:q{}", example.creates(*user)?)),
            Member::Nobody => Some(format!("bulkId:q{}", example.twin()?)),
        };
        let values = members.iter().filter_map(value);
        values.map(|value| json!({"value": value})).collect()
    }

    fn user(&self, body: Option<&Value>, members: &Map<String, Value>) -> Value {
        let mut body = body.cloned().unwrap_or_default();
        if let Some(all) = body.as_object_mut() {
            all.extend(members.clone());
            let core = self.benches.users.schemas.core.id.as_str();
            let urns = members
                .keys()
                .map(String::as_str)
                .filter(|it| urn::is_urn(it));
            let listed = std::iter::once(core).chain(urns).map(Value::from);
            all.insert("schemas".to_owned(), listed.collect());
        }
        body
    }

    /// Enters who was created by an operation.
    pub(super) fn created(&mut self, example: &Example, number: usize, id: String) {
        let word = match example.operations.get(number) {
            Some(Operation::Create(user, _)) => format!("N{}", user + 1),
            Some(Operation::Found(_)) => format!("F{}", number + 1),
            Some(Operation::Twin(_)) => "T".to_owned(),
            _ => return,
        };
        self.script.created(&word, &id, number);
        self.ids.insert(word, id);
    }

    /// Sends an operation alone; its result as it would stand in the answer to a bulk request.
    pub(super) async fn alone(&mut self, example: &Example, number: usize) -> Option<Part> {
        let operation = self.operation(example, number, true)?;
        let arena = self.benches.users.arena;
        let path = operation.get("path")?.as_str()?;
        let data = operation.get("data");
        let exchange = match (operation.get("method")?.as_str()?, data) {
            ("DELETE", _) => arena.delete("alone", path).await,
            (method, data) => {
                let method = Method::from_bytes(method.as_bytes()).unwrap_or(Method::POST);
                let body = data.cloned().unwrap_or_default();
                arena.send("alone", method, path, &body).await
            }
        };
        if let Some(id) = id(&exchange).filter(|_| operation.get("bulkId").is_some()) {
            self.created(example, number, id);
        }
        self.silent |= exchange.status().is_none();
        Some(Part {
            status: exchange.status()?,
            location: None,
        })
    }

    /// What is there now, by the words that go for ids, without what differs between shelves.
    pub(super) async fn look(&mut self) -> BTreeMap<String, Option<Value>> {
        self.benches.users.settle().await;
        let mut all = BTreeMap::new();
        let mut silent = false;
        for (word, id) in &self.ids {
            let bench = self.bench(word);
            let path = format!("{}/{}", bench.endpoint, segment(id));
            let looked = bench.arena.get("look", &path, &[]).await;
            silent |= looked.status().is_none();
            let state = shown(&looked).map(|shown| self.plain(word, shown));
            all.insert(word.clone(), state);
        }
        self.silent |= silent;
        all
    }

    /// Where somebody is.
    pub(super) fn path(&self, word: &str) -> Option<String> {
        let id = self.ids.get(word)?;
        Some(format!("{}/{}", self.bench(word).endpoint, segment(id)))
    }

    fn bench(&self, word: &str) -> &Bench<'_> {
        match &self.benches.groups {
            Some(groups) if word.starts_with(['G', 'F']) => groups,
            _ => &self.benches.users,
        }
    }

    fn plain(&self, word: &str, shown: &Value) -> Value {
        let mut plain = canonicalise(shown, &self.bench(word).schemas);
        let is_group = word.starts_with(['G', 'F']);
        let mut without = vec!["id", "meta", "userName", "externalId"];
        if is_group {
            without.push("displayName");
        }
        for name in without {
            if let Some(value) = member_mut(&mut plain, name) {
                *value = Value::Null;
            }
        }
        let references = if is_group { "members" } else { "groups" };
        if let Some(Value::Array(all)) = member_mut(&mut plain, references) {
            let mut words: Vec<String> = all.iter().filter_map(|one| self.word(one)).collect();
            words.sort();
            *all = words
                .into_iter()
                .map(|word| json!({"value": word}))
                .collect();
        }
        plain
    }

    /// By what word a reference goes; what nobody on the shelf has stays as it is.
    fn word(&self, reference: &Value) -> Option<String> {
        let value = member(reference, "value")?.as_str()?;
        let known = self.ids.iter().find(|(_, id)| *id == value);
        Some(known.map_or_else(|| value.to_owned(), |(word, _)| word.clone()))
    }

    /// Removes what is there.
    pub(super) async fn clear(&self) {
        for (word, id) in &self.ids {
            let bench = self.bench(word);
            let path = format!("{}/{}", bench.endpoint, segment(id));
            bench.arena.delete("tidy", &path).await;
        }
    }
}

fn id(exchange: &Exchange) -> Option<String> {
    let body = exchange.json().filter(|_| is_success(exchange))?;
    Some(member(body, "id")?.as_str()?.to_owned())
}
