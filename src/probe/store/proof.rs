//! What a scenario has to see of a sequence that went wrong.
//!
//! Judges nothing: what is claimed is what the judges compared with.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Map, Value, json};

use super::judge::{BULK, COUNTS, DELETES, GONE, READABLE, UNIQUE};
use crate::exchange::Exchange;
use crate::oracle::{World, patch, put};
use crate::probe::bench::{Wrong, is_success};
use crate::probe::patch::{FAILS, any_of, part, value_of};
use crate::probe::tape::{Proof, Tape};
use crate::scim::resource::member;
use crate::scim::schema::SchemaSet;

/// What is compared at the moment.
#[derive(Clone, Debug, Default)]
pub(super) enum Claim {
    /// Nothing but the status of the last request.
    #[default]
    Status,
    /// The last request is answered with what has these parts.
    Answer(Value),
    /// A read of this path shows one of these states.
    Read(String, Vec<Value>),
    /// A read of this path shows what was sent, or what somebody has to whom nothing was given.
    Fresh(String, Value, Value),
    /// The last request shows these ids as its groups, or as what it found, and not those.
    Groups(BTreeSet<String>, BTreeSet<String>),
    Found(BTreeSet<String>, BTreeSet<String>),
}

/// The states that a change may fairly lead to.
pub(super) fn fair(
    method: &Method,
    (before, body): (&Value, &Value),
    schemas: &SchemaSet,
    exchange: &Exchange,
) -> Vec<Value> {
    if !is_success(exchange) {
        return vec![before.clone()];
    }
    let outcomes = if *method == Method::PATCH {
        patch::apply(before, body, schemas, World::default())
    } else {
        put::apply(before, body, schemas, World::default())
    };
    outcomes
        .done
        .into_iter()
        .map(|done| done.resource)
        .collect()
}

impl Claim {
    /// The proof of a deviation; none where no matcher can say it.
    pub(super) fn proof(&self, wrong: &Wrong, tape: &Tape) -> Option<Proof> {
        let requirement = wrong.requirement;
        let in_bulk = tape.ends_in_bulk();
        if in_bulk && requirement == BULK {
            return Some(Proof::Last("status", json!(200)));
        }
        if in_bulk && !matches!(self, Self::Read(..) | Self::Fresh(..)) {
            return None;
        }
        let at = wrong.at.as_str();
        match (self, at) {
            (_, "response.status" | "/id") if in_bulk => None,
            (_, "response.status") => Some(Proof::Last("status", status(requirement))),
            (_, "/id") => {
                let other = json!({"/id": {"not": {"is": wrong.actual}}});
                Some(Proof::Last("body", other))
            }
            (_, at) if at.starts_with("/meta") => None,
            (Self::Answer(state), at) => {
                let body = body(at, &[value_of(state, part(at))]);
                Some(Proof::Last("body", body))
            }
            (Self::Read(path, states), at) => {
                let values: Vec<_> = states.iter().map(|it| value_of(it, part(at))).collect();
                Some(Proof::Read(path.clone(), "body", body(at, &values)))
            }
            (Self::Fresh(path, sent, bare), at) => {
                let values = match value_of(sent, part(at)) {
                    Some(value) => vec![Some(value)],
                    None => vec![None, value_of(bare, part(at))],
                };
                Some(Proof::Read(path.clone(), "body", body(at, &values)))
            }
            (Self::Groups(wanted, found), _) => {
                let has = |id: &String| json!({"has": {"value": id}});
                let groups = match wanted.difference(found).next() {
                    Some(missing) => has(missing),
                    None => json!({"not": has(found.difference(wanted).next()?)}),
                };
                Some(Proof::Last("body", json!({"/groups": groups})))
            }
            (Self::Found(wanted, _), _) if requirement == COUNTS => {
                let total = json!({"/totalResults": wanted.len()});
                Some(Proof::Last("body", total))
            }
            (Self::Found(wanted, found), "/Resources") => {
                let list = match wanted.difference(found).next() {
                    Some(missing) => json!({"contains": [missing]}),
                    None => json!({"excludes": [found.difference(wanted).next()?]}),
                };
                Some(Proof::Last("list", list))
            }
            (Self::Status | Self::Found(..), _) => None,
        }
    }
}

/// What a status has to be that is wrong.
fn status(requirement: &str) -> Value {
    match requirement {
        UNIQUE | GONE | FAILS => json!("4xx"),
        READABLE => json!(200),
        DELETES => json!("2xx"),
        _ => json!(["2xx", "4xx", 501]),
    }
}

/// What may stand at the part of a resource that a deviation is in; of members their ids alone.
fn body(at: &str, values: &[Option<Value>]) -> Value {
    let part = part(at);
    let mut distinct: Vec<Option<Value>> = Vec::new();
    for value in values {
        if !distinct.contains(value) {
            distinct.push(value.clone());
        }
    }
    let references = ["/members", "/groups"].contains(&part);
    let matcher = match distinct.as_slice() {
        [Some(Value::Array(items))] if references && !items.is_empty() => {
            let ids = items.iter().filter_map(|it| member(it, "value"));
            json!({"set": ids.map(|id| json!({"value": id})).collect::<Vec<_>>()})
        }
        [Some(Value::Array(_))] if references => json!("absent"),
        _ => any_of(&distinct),
    };
    Value::Object(Map::from_iter([(part.to_owned(), matcher)]))
}
