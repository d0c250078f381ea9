//! What an answer to a compiled step is: right or not, and what is kept of it.
//!
//! Reads of a body only what the step needs, by types rather than as a tree where that is enough.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::memory::Memory;
use super::model::{Effect, PARTS, Setup, Step};
use crate::load::histogram::Ending;
use crate::load::wire::Answer;
use crate::scim::error::ScimType;
use crate::scim::resource::pointed;
use crate::suite::Place;

/// What every answer is read for.
#[derive(Debug, Default, Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(rename = "totalResults", default)]
    total: Option<u64>,
    #[serde(rename = "Resources", borrow, default)]
    resources: Option<Vec<Element<'a>>>,
}

#[derive(Debug, Deserialize)]
struct Element<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
}

/// Something wrong beyond the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The status is another.
    Status,
    /// The body is not what the step needs.
    Body(String),
    /// A resource that should be there is answered 404.
    Missing,
    /// A list does not have what was acknowledged before.
    Stale(String),
    /// A list has one resource twice, or more than there can be.
    Duplicate(String),
}

/// An answer as it was read.
#[derive(Debug)]
pub struct Outcome {
    /// How the request ended.
    pub ending: Ending,
    /// What was wrong.
    pub wrong: Option<Wrong>,
    /// Id of the resource that it created.
    pub created: Option<String>,
    /// Number of resources in a list, and `totalResults`.
    pub listed: Option<(u64, u64)>,
}

impl Step {
    /// Reads an answer and keeps what the step captures.
    pub fn read(&self, answer: &Answer, memory: &mut Memory) -> Outcome {
        let mut outcome = Outcome {
            ending: Ending::Good,
            wrong: None,
            created: None,
            listed: None,
        };
        let success = (200..300).contains(&answer.status);
        if !self.accept.has(answer.status) {
            let gone = matches!(self.effect, Effect::Reads { slot: Some(_) });
            let missing = gone && answer.status == 404;
            outcome.wrong = Some(if missing {
                Wrong::Missing
            } else {
                Wrong::Status
            });
            outcome.ending = Ending::Status(scim_type(&answer.body));
            return outcome;
        }
        if answer.body.is_empty() {
            if self.needs_body() && success {
                outcome.body("there is no body".to_owned());
            }
            self.keep(answer, None, memory, &mut outcome);
            return outcome;
        }
        // A right refusal need not have a body of any kind.
        if success {
            self.whole(answer, memory, &mut outcome);
        }
        outcome
    }

    fn whole(&self, answer: &Answer, memory: &mut Memory, outcome: &mut Outcome) {
        let head: Head<'_> = match serde_json::from_slice(&answer.body) {
            Ok(head) => head,
            Err(error) => {
                return outcome.body(format!("the body is not what is needed: {error}"));
            }
        };
        if let Effect::Creates(_) = self.effect {
            match &head.id {
                Some(id) => outcome.created = Some(id.clone().into_owned()),
                None => return outcome.body("the body has no id".to_owned()),
            }
        }
        if let Some(resources) = &head.resources {
            let number = resources.len() as u64;
            outcome.listed = Some((number, head.total.unwrap_or(number)));
            outcome.twice(resources);
        } else if let Some(total) = head.total {
            outcome.listed = Some((0, total));
        }
        if let Some(wanted) = self.total {
            outcome.counted(wanted, head.total);
        }
        self.keep(answer, head.id.as_deref(), memory, outcome);
    }

    /// Whether something in the body is needed.
    fn needs_body(&self) -> bool {
        self.total.is_some()
            || matches!(self.effect, Effect::Creates(_))
            || (self.captures.iter()).any(|(_, capture)| matches!(capture.at, Place::Body(_)))
    }

    fn keep(&self, answer: &Answer, id: Option<&str>, memory: &mut Memory, outcome: &mut Outcome) {
        let mut tree = None;
        for (slot, capture) in &self.captures {
            let found = match &capture.at {
                Place::Status => Some(Value::from(answer.status)),
                Place::Header(name) => header(answer, name),
                Place::Body(pointer) if pointer == "/id" && id.is_some() => id.map(Value::from),
                Place::Body(pointer) => {
                    let tree = tree.get_or_insert_with(|| {
                        serde_json::from_slice::<Value>(&answer.body).unwrap_or_default()
                    });
                    pointed(tree, pointer).cloned()
                }
            };
            let found = match (&capture.part, found) {
                (Some(part), Some(Value::String(text))) => part.of(&text).map(Value::from),
                (Some(part), Some(other)) => part.of(&other.to_string()).map(Value::from),
                (_, found) => found,
            };
            match found {
                Some(value) => memory.set(*slot, value),
                None => outcome.body(format!("there is nothing for `{}`", capture.name)),
            }
        }
    }
}

impl Outcome {
    fn body(&mut self, why: String) {
        self.ending = Ending::Body;
        self.wrong = Some(Wrong::Body(why));
    }

    fn counted(&mut self, wanted: u64, total: Option<u64>) {
        match total {
            None => self.body("the list has no totalResults".to_owned()),
            Some(total) if total < wanted => {
                self.wrong = Some(Wrong::Stale(format!("{total} where {wanted} are there")));
            }
            Some(total) if total > wanted => {
                self.wrong = Some(Wrong::Duplicate(format!("{total} where {wanted} can be")));
            }
            Some(_) => {}
        }
    }

    /// Looks for one id in two places of a list.
    fn twice(&mut self, resources: &[Element<'_>]) {
        let mut ids: Vec<&str> = resources.iter().filter_map(|it| it.id.as_deref()).collect();
        ids.sort_unstable();
        if let Some([id, _]) = ids.array_windows().find(|[one, next]| one == next) {
            self.wrong = Some(Wrong::Duplicate(format!("{id} is in the list twice")));
        }
    }
}

impl Setup {
    /// The parts of a resource that was created, in the order of [`PARTS`].
    pub fn parts(answer: &Answer) -> Vec<Option<Value>> {
        let tree: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        PARTS
            .iter()
            .map(|part| match *part {
                "etag" => {
                    header(answer, "etag").or_else(|| pointed(&tree, "/meta/version").cloned())
                }
                "location" => {
                    header(answer, "location").or_else(|| pointed(&tree, "/meta/location").cloned())
                }
                "body" => Some(tree.clone()),
                name => pointed(&tree, &format!("/{name}")).cloned(),
            })
            .collect()
    }
}

fn header(answer: &Answer, name: &str) -> Option<Value> {
    let bytes = answer.header(name)?;
    Some(String::from_utf8_lossy(bytes).into_owned().into())
}

/// The `scimType` of an error.
fn scim_type(body: &[u8]) -> Option<ScimType> {
    #[derive(Deserialize)]
    struct Error {
        #[serde(rename = "scimType")]
        scim_type: ScimType,
    }
    let error: Error = serde_json::from_slice(body).ok()?;
    Some(error.scim_type)
}
