//! Where cursors stand in requests and answers, for the faults that bend them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::problem::Problem;

/// Parameters of a query as the request gives them, in its URL or in the body of a search.
pub(super) struct Asked<'a>(&'a mut Decoded);

impl<'a> Asked<'a> {
    /// Those of a request that is none to be refused.
    pub(super) fn of(decoded: &'a mut Result<Decoded, Problem>) -> Option<Self> {
        decoded.as_mut().ok().map(Self)
    }

    /// A parameter.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let in_url = self.0.query.iter().find(|(given, _)| given == name);
        in_url.map(|(_, value)| value.clone()).or_else(|| {
            match self.0.body.as_ref().ok()?.as_ref()?.get(name)? {
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            }
        })
    }

    /// Replaces a parameter that is there, or takes it away.
    pub(super) fn set(&mut self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => {
                for (given, value) in &mut self.0.query {
                    if given == name {
                        text.clone_into(value);
                    }
                }
            }
            None => self.0.query.retain(|(given, _)| given != name),
        }
        let body = self.0.body.as_mut().ok().and_then(Option::as_mut);
        let Some(members) = body.and_then(Value::as_object_mut) else {
            return;
        };
        match text {
            Some(text) if members.contains_key(name) => {
                members.insert(name.to_owned(), Value::from(text));
            }
            Some(_) => {}
            None => {
                members.shift_remove(name);
            }
        }
    }
}

/// The cursor that the URL of a request names; none where it is empty.
pub(super) fn in_url(incoming: &Incoming) -> Option<String> {
    let query = incoming.query.as_deref().unwrap_or("");
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, value)| name == "cursor" && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

/// Changes the cursors that a list names.
pub(super) fn respell(document: &mut Value, mut change: impl FnMut(&str) -> String) {
    for name in ["nextCursor", "previousCursor"] {
        if let Some(Value::String(cursor)) = document.get_mut(name) {
            *cursor = change(cursor);
        }
    }
}

/// Cursors that were handed out.
#[derive(Default)]
pub(super) struct Issued(Mutex<BTreeSet<String>>);

impl Issued {
    /// Takes note of the cursors that a list names.
    pub(super) fn note(&self, document: &Value) {
        let mut issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for name in ["nextCursor", "previousCursor"] {
            issued.extend(
                document
                    .get(name)
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
        }
    }

    /// Whether this is one of them.
    pub(super) fn has(&self, cursor: &str) -> bool {
        let issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        issued.contains(cursor)
    }

    /// One of them that this contains.
    pub(super) fn inside(&self, text: &str) -> Option<String> {
        let issued = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        issued.iter().find(|cursor| text.contains(*cursor)).cloned()
    }
}
