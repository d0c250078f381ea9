//! Stage 3: what will be done, with every parameter understood or refused.
//!
//! Reads no resource.

use serde_json::{Map, Value};

use super::authenticate::Principal;
use super::bulk::Job;
use super::patch::Operation;
use super::project::Projection;
use super::store::Kind;
use crate::scim::filter::{AttributePath, Filter};

/// What will be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The action itself.
    pub action: Action,
    /// Base URL for references.
    pub base: String,
    /// Who asks.
    pub principal: Principal,
    /// Which attributes are shown.
    pub projection: Projection,
    /// Precondition of writes.
    pub if_match: Option<Condition>,
    /// Precondition of reads.
    pub if_none_match: Option<Condition>,
    /// Whether this is one operation of a bulk request.
    pub in_bulk: bool,
}

/// The actions.
#[derive(Clone, Debug)]
pub enum Action {
    /// A discovery document.
    Discover(Document),
    /// A list of the resources of these types.
    List(Vec<Kind>, Query),
    /// One resource.
    Read(Kind, String),
    /// A new resource from this body, with the id it has to get inside a bulk request.
    Create(Kind, Map<String, Value>, Option<String>),
    /// Replacement by this body.
    Replace(Kind, String, Map<String, Value>),
    /// PATCH.
    Patch(Kind, String, Vec<Operation>),
    /// Removal.
    Delete(Kind, String),
    /// A bulk request.
    Bulk(Job),
}

/// Discovery documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// `/ServiceProviderConfig`
    ServiceProviderConfig,
    /// `/ResourceTypes`
    ResourceTypes,
    /// `/ResourceTypes/{name}`
    ResourceType(String),
    /// `/Schemas`
    Schemas,
    /// `/Schemas/{urn}`
    Schema(String),
}

/// Which resources of a list, in which order.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Filter.
    pub filter: Option<Filter>,
    /// Attribute to sort by.
    pub sort_by: Option<AttributePath>,
    /// Whether to sort downwards.
    pub descending: bool,
    /// Position of the first resource, from 1.
    pub start_index: usize,
    /// Most resources to return, already held to `maxResults`.
    pub count: usize,
}

/// `If-Match` and `If-None-Match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `*`
    Any,
    /// Entity tags as written.
    Tags(Vec<String>),
}
