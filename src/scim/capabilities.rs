//! What a service provider says it can do: ServiceProviderConfig, ResourceTypes and Schemas,
//! read leniently into one value.

use serde::{Deserialize, Serialize};

use super::schema::Schema;

/// What a service provider advertises.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// PATCH is supported.
    pub patch: bool,
    /// Bulk is supported: its limits.
    pub bulk: Option<Bulk>,
    /// Filters are supported: the largest number of results.
    pub filter: Option<u64>,
    /// Passwords can be changed.
    pub change_password: bool,
    /// Sorting is supported.
    pub sort: bool,
    /// ETags are supported.
    pub etag: bool,
    /// Resource types by name.
    pub resource_types: Vec<ResourceType>,
    /// Schemas by URN.
    pub schemas: Vec<Schema>,
    /// Types of the authentication schemes (`oauthbearertoken`).
    pub authentication_schemes: Vec<String>,
}

/// Limits of bulk requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulk {
    /// Largest number of operations.
    pub max_operations: u64,
    /// Largest body in bytes.
    pub max_payload_size: u64,
}

/// A resource type (RFC 7643 §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceType {
    /// Name (`User`).
    pub name: String,
    /// Endpoint with a leading slash (`/Users`).
    pub endpoint: String,
    /// URN of the core schema.
    pub schema: String,
    /// URNs of extensions, with whether each is required.
    pub extensions: Vec<(String, bool)>,
}
