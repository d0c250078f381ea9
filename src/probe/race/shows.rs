//! What the answer to an operation of a race shows.

use std::collections::BTreeSet;

use serde_json::Value;

use super::history::Output;
use crate::exchange::Exchange;
use crate::scim::list::ListView;
use crate::scim::resource::member;

/// What follows a value that stands in a list once more.
pub(super) const AGAIN: &str = ", again";

/// What is looked for in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    Nothing,
    /// The text of an attribute of this name.
    Attribute(&'static str),
    /// The ids of the members of a group.
    Members,
    /// The values of a list of this name; of a value that stands there twice the second is told apart.
    Values(&'static str),
    /// The ids of what a filter found.
    Found,
    /// Whether the resource is there: its id.
    Presence,
}

impl Shows {
    /// Reads it out of a successful answer, or one that says that there is nothing.
    pub(super) fn read(self, exchange: &Exchange) -> Output {
        if exchange.status() == Some(404) {
            return Output::Gone;
        }
        let Some(body) = exchange.json() else {
            return Output::Nothing;
        };
        let text = |name| {
            member(body, name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        match self {
            Self::Nothing => Output::Nothing,
            Self::Attribute(name) => Output::Value(text(name)),
            Self::Presence => Output::Value(text("id")),
            Self::Members => Output::Set(members(body)),
            Self::Values(name) => Output::Set(values(body, name)),
            Self::Found => match ListView::read(body) {
                Some(list) => Output::Set(list.ids().map(str::to_owned).collect()),
                None => Output::Nothing,
            },
        }
    }
}

fn members(group: &Value) -> BTreeSet<String> {
    member(group, "members")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|one| member(one, "value")?.as_str().map(str::to_owned))
        .collect()
}

fn values(resource: &Value, name: &str) -> BTreeSet<String> {
    let list = member(resource, name).and_then(Value::as_array);
    let mut values = BTreeSet::new();
    let mut pairs = Vec::new();
    for one in list.into_iter().flatten() {
        let Some(value) = member(one, "value").and_then(Value::as_str) else {
            continue;
        };
        // The same value may stand there under several types.
        let pair = (value, member(one, "type"));
        if pairs.contains(&pair) {
            values.insert(format!("{value}{AGAIN}"));
        }
        pairs.push(pair);
        values.insert(value.to_owned());
    }
    values
}
