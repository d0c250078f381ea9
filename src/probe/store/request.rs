//! What a step sends, with the ids that hold at that moment.

use http::Method;
use serde_json::{Map, Value, json};

use super::model::Model;
use super::shop::Shop;
use super::step::{Step, Who};
use crate::scim::urn;

/// A request that changes or reads one resource.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// Endpoint and id; the endpoint alone for a create.
    pub(super) endpoint: String,
    pub(super) id: Option<String>,
    pub(super) body: Option<Value>,
    pub(super) who: Who,
    /// What it is about is not there at present.
    pub(super) gone: bool,
}

/// The bodies that the slots of a sequence are created with: the same name each time.
pub(super) struct Names {
    pub(super) users: Vec<Value>,
    pub(super) groups: Vec<Value>,
}

impl Names {
    /// Names that nobody has.
    pub(super) fn new(shop: &Shop<'_>) -> Self {
        let bare = |bench: &crate::probe::bench::Bench<'_>| bench.body(&Map::new());
        Self {
            users: (0..super::step::USERS).map(|_| bare(&shop.users)).collect(),
            groups: match &shop.groups {
                Some(groups) => (0..super::step::GROUPS).map(|_| bare(groups)).collect(),
                None => Vec::new(),
            },
        }
    }

    /// The name of a user.
    pub(super) fn of(&self, user: usize) -> Option<&str> {
        self.users.get(user)?.get("userName")?.as_str()
    }
}

/// The request of a step; none where there is nothing that it could be about.
pub(super) fn request(
    step: &Step,
    model: &Model,
    names: &Names,
    shop: &Shop<'_>,
) -> Option<Request> {
    let who = step.subject()?;
    let endpoint = match who {
        Who::User(_) => shop.users.endpoint.clone(),
        Who::Group(_) => shop.groups.as_ref()?.endpoint.clone(),
    };
    let slot = model.slot(who);
    let user = |user: &usize, members| {
        let body = names.users.get(*user)?;
        Some(with(body, members, &shop.users.schemas.core.id))
    };
    let (method, body) = match step {
        Step::Create(it, members) => (Method::POST, Some(user(it, members)?)),
        Step::Replace(it, members) => (Method::PUT, Some(user(it, members)?)),
        Step::Patch(_, operations) => {
            let operations = Value::Array(operations.clone());
            (Method::PATCH, Some(patch(&operations)))
        }
        Step::Delete(_) => (Method::DELETE, None),
        Step::Read(_) => (Method::GET, None),
        // A second group of the same name may fairly be made; that would say nothing.
        Step::Found(..) if slot.now.is_some() => return None,
        group => {
            let (method, body) = of_group(group, model, names)?;
            (method, Some(body))
        }
    };
    let there = slot.now.as_ref().map(|stored| &stored.id);
    let id = match method {
        Method::POST => None,
        _ => Some(there.or(slot.gone.last())?.clone()),
    };
    Some(Request {
        gone: slot.now.is_none(),
        method,
        endpoint,
        id,
        body,
        who,
    })
}

/// The method and the body of a step about a group and its members.
fn of_group(step: &Step, model: &Model, names: &Names) -> Option<(Method, Value)> {
    let members = |users: &[usize]| -> Vec<Value> {
        users
            .iter()
            .filter_map(|user| Some(json!({"value": model.id(Who::User(*user))?})))
            .collect()
    };
    let (op, values) = match step {
        Step::Found(group, users) | Step::Refound(group, users) => {
            let mut body = names.groups.get(*group)?.clone();
            let members = members(users);
            if !members.is_empty() {
                body["members"] = Value::Array(members);
            }
            let method = match step {
                Step::Found(..) => Method::POST,
                _ => Method::PUT,
            };
            return Some((method, body));
        }
        Step::Add(_, users) => ("add", members(users)),
        Step::Exchange(_, users) => ("replace", members(users)),
        Step::Remove(_, user) => {
            let id = model.id(Who::User(*user))?;
            let path = format!("members[value eq {}]", Value::from(id));
            let body = patch(&json!([{"op": "remove", "path": path}]));
            return Some((Method::PATCH, body));
        }
        _ => return None,
    };
    if values.is_empty() {
        return None;
    }
    let body = patch(&json!([{"op": op, "path": "members", "value": values}]));
    Some((Method::PATCH, body))
}

fn patch(operations: &Value) -> Value {
    json!({"schemas": [urn::PATCH_OP], "Operations": operations})
}

impl Request {
    /// Below the base.
    pub(super) fn path(&self) -> String {
        match &self.id {
            Some(id) => format!("{}/{}", self.endpoint, crate::session::segment(id)),
            None => self.endpoint.clone(),
        }
    }
}

/// A body with further members, and its extensions listed.
fn with(body: &Value, members: &Map<String, Value>, core: &str) -> Value {
    let mut body = body.clone();
    let Some(all) = body.as_object_mut() else {
        return body;
    };
    for (name, value) in members {
        all.insert(name.clone(), value.clone());
    }
    let urns = members
        .keys()
        .map(String::as_str)
        .filter(|it| urn::is_urn(it));
    let listed: Value = std::iter::once(core).chain(urns).map(Value::from).collect();
    all.insert("schemas".to_owned(), listed);
    body
}

/// A filter that selects users by their names.
pub(super) fn filter(users: &[usize], names: &Names) -> Option<String> {
    let terms: Vec<String> = users
        .iter()
        .filter_map(|user| Some(format!("userName eq {}", Value::from(names.of(*user)?))))
        .collect();
    (!terms.is_empty()).then(|| terms.join(" or "))
}
