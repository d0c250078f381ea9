//! Resources that a scenario is given before its steps, and what templates may name of them.
//!
//! Creates nothing: it says what is to be created and what the answer gives.

use serde_json::Value;

use super::capture::Place;
use crate::exchange::Exchange;
use crate::payload::{Change, Fixture};

/// A resource to be created before the steps: marked, journalled, adapted to the target.
#[derive(Clone, Debug)]
pub struct Given {
    /// What kind of resource.
    pub kind: Kind,
    /// Name under which `NAME.id`, `.userName`, `.displayName`, `.externalId`, `.etag`, `.location`, `.body`, `.otherId` and `.otherEtag` are captured: see [`Given::captures`].
    pub name: String,
    /// Fixture that it is made of.
    pub fixture: &'static Fixture,
    /// What the scenario changes in it.
    pub change: Change,
}

/// Resource types that can be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A User.
    User,
    /// A Group.
    Group,
}

impl Kind {
    /// Name of the resource type.
    pub fn resource_type(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The fixture that stands where none is named.
    pub fn fixture(self) -> &'static str {
        match self {
            Self::User => "user/minimal",
            Self::Group => "group/minimal",
        }
    }
}

impl Given {
    /// The parts of a created resource that templates can name (`u1.id`).
    pub const PARTS: &'static [&'static str] = &[
        "id",
        "userName",
        "displayName",
        "externalId",
        "etag",
        "location",
        "body",
        "otherId",
        "otherEtag",
    ];

    /// What the answer to the creation lets templates name. `id` and `body` are always needed;
    /// the others are there where the server sent them.
    pub fn captures(&self, exchange: &Exchange) -> Vec<(String, Value)> {
        let header = |name: &str| Place::Header(name.to_owned()).find(exchange);
        let body = |pointer: &str| Place::Body(pointer.to_owned()).find(exchange);
        Self::PARTS
            .iter()
            .filter_map(|part| {
                let value = match *part {
                    "etag" => header("etag").or_else(|| body("/meta/version")),
                    "location" => header("location").or_else(|| body("/meta/location")),
                    "body" => body(""),
                    "otherId" => other_case(&body("/id")?),
                    "otherEtag" => other_tag(&header("etag").or_else(|| body("/meta/version"))?),
                    attribute => body(&format!("/{attribute}")),
                }?;
                Some((format!("{}.{part}", self.name), value))
            })
            .collect()
    }
}

/// A text with its letters in the other case; nothing where it has none.
fn other_case(value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let flipped: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    (flipped != text).then(|| Value::from(flipped))
}

/// An entity tag with the letters between its quotation marks in the other case.
fn other_tag(value: &Value) -> Option<Value> {
    let (mark, opaque) = value.as_str()?.split_once('"')?;
    let flipped = other_case(&Value::from(opaque))?;
    Some(Value::from(format!("{mark}\"{}", flipped.as_str()?)))
}
