//! What is stored of a resource, and what can be done to one.
//!
//! Knows nothing of locks and indexes.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// Resource types of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// User.
    User,
    /// Group.
    Group,
    /// Device (RFC 9944).
    Device,
    /// Application that works with devices (RFC 9944).
    EndpointApp,
}

impl Kind {
    /// All types.
    pub const ALL: [Self; 4] = [Self::User, Self::Group, Self::Device, Self::EndpointApp];

    /// Name (`User`).
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::Device => "Device",
            Self::EndpointApp => "EndpointApp",
        }
    }

    /// Endpoint without a slash (`Users`).
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
            Self::Device => "Devices",
            Self::EndpointApp => "EndpointApps",
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
#[derive(Clone, Debug)]
pub struct Resource {
    /// Id.
    pub id: Arc<str>,
    /// Type.
    pub kind: Kind,
    /// Attributes by their canonical names, extensions below their URN. Without id, schemas, meta
    /// and what is derived (`groups`; of members all but `value`); with the password.
    pub attributes: Map<String, Value>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last changed.
    pub last_modified: Timestamp,
    /// Version, different after each change; 0 before the first commit.
    pub version: u64,
    /// Position in lists; 0 before the first commit.
    pub sequence: u64,
    /// Its usual representation.
    pub(in crate::provider) printed: Printed,
}

impl Resource {
    /// A resource that is not stored yet.
    pub fn new(id: impl Into<Arc<str>>, kind: Kind, attributes: Map<String, Value>) -> Self {
        Self {
            id: id.into(),
            kind,
            attributes,
            created: Timestamp::UNIX_EPOCH,
            last_modified: Timestamp::UNIX_EPOCH,
            version: 0,
            sequence: 0,
            printed: Printed::default(),
        }
    }

    /// Text of an attribute of the core schema.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str)
    }

    /// Ids of the members of a group.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.attributes
            .get("members")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|member| member.get("value").and_then(Value::as_str))
    }
}

/// The usual representation of a resource, printed once per version. A clone starts without.
#[derive(Default)]
pub(in crate::provider) struct Printed(RwLock<Option<Print>>);

/// One print and what it holds for.
#[derive(Clone)]
pub(in crate::provider) struct Print {
    /// Base URL in it.
    pub(in crate::provider) base: Arc<str>,
    /// State of the memberships it shows.
    pub(in crate::provider) memberships: u64,
    /// The text.
    pub(in crate::provider) bytes: Bytes,
}

impl Printed {
    /// The print for this base and state of memberships.
    pub(in crate::provider) fn get(&self, base: &str, memberships: u64) -> Option<Bytes> {
        let print = self.0.read().unwrap_or_else(PoisonError::into_inner);
        print
            .as_ref()
            .filter(|print| print.memberships == memberships && *print.base == *base)
            .map(|print| print.bytes.clone())
    }

    /// Keeps a print.
    pub(in crate::provider) fn set(&self, print: Print) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(print);
    }
}

impl Clone for Printed {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Printed")
    }
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
    /// Whether unique values of extensions are kept unique.
    pub unique_in_extensions: bool,
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
            unique_in_extensions: true,
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
    /// Without case, the code points as they are.
    Lowered,
    /// Byte by byte.
    Exact,
    /// Not at all.
    Ignored,
}
