//! What is stored of a resource, and what can be done to one.
//!
//! Knows nothing of locks and indexes.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

/// Resource types of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// User.
    User,
    /// Group.
    Group,
}

impl Kind {
    /// All types.
    pub const ALL: [Self; 2] = [Self::User, Self::Group];

    /// Name (`User`).
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// Endpoint without a slash (`Users`).
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
        }
    }

    /// The type served at this endpoint.
    pub fn of_endpoint(endpoint: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.endpoint() == endpoint)
    }
}

/// A stored resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Id.
    pub id: Arc<str>,
    /// Type.
    pub kind: Kind,
    /// Attributes by their canonical names, extensions below their URN. Without id, schemas, meta
    /// and what is derived (`groups`, `$ref` of members); with the password.
    pub attributes: Map<String, Value>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last changed.
    pub last_modified: Timestamp,
    /// Version, different after each change.
    pub version: u64,
    /// Position in lists.
    pub sequence: u64,
}

/// A change to the store.
#[derive(Clone, Debug)]
pub enum Change {
    /// Adds a resource.
    Create(Resource),
    /// Puts a resource in the place of another.
    Update {
        /// The resource that was read.
        before: Arc<Resource>,
        /// The resource as it will be.
        after: Resource,
    },
    /// Removes a resource.
    Delete(Arc<Resource>),
}

/// Rules that the store holds a change to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How unique values are compared.
    pub unique: Unique,
    /// Whether the resource that was read must still be the current one.
    pub current: bool,
    /// Whether a change moves `lastModified`.
    pub stamp: bool,
    /// Whether a change moves the version.
    pub version: bool,
    /// Whether members must exist.
    pub references: bool,
    /// Whether a deleted resource leaves the groups it was a member of.
    pub cascade: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            unique: Unique::Folded,
            current: true,
            stamp: true,
            version: true,
            references: true,
            cascade: true,
        }
    }
}

/// How the values of unique attributes are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// Prepared: Unicode normalised, without case.
    Folded,
    /// Byte by byte.
    Exact,
    /// Not at all.
    Ignored,
}
