//! What a service provider says it can do: ServiceProviderConfig, ResourceTypes and Schemas,
//! read leniently into one value.

use serde::{Deserialize, Serialize};

use super::filter::AttributePath;
use super::path::{self, Path};
use super::schema::{Attribute, Place, Schema, SchemaSet};
use super::urn;

mod read;

pub use read::{DocumentDefect, MAX_DOCUMENTS};

/// The largest number of operations that a request is made to exceed.
const MOST_OPERATIONS: u64 = 5_000;

/// The largest body in bytes that a request is made to exceed.
const MOST_BYTES: u64 = 4_194_304;

/// What a service provider advertises.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Capabilities {
    /// There is no ServiceProviderConfig that can be read, so what is not supported is not known either.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unconfigured: bool,
    /// PATCH is supported.
    pub patch: bool,
    /// Bulk is supported: its limits.
    pub bulk: Option<Bulk>,
    /// Filters are supported: the largest number of results, 0 where it is not said.
    pub filter: Option<u64>,
    /// What `filter.maxResults` says, whether or not filters are supported: it bounds every list.
    #[serde(default)]
    pub max_results: Option<u64>,
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
    /// URNs of those schemas that are the RFC's, because the target serves none of that name that can be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
    /// Types of the authentication schemes (`oauthbearertoken`).
    pub authentication_schemes: Vec<String>,
    /// Cursor paging (RFC 9865 §4); absent where nothing is said.
    #[serde(default)]
    pub pagination: Option<Pagination>,
    /// Security events (RFC 9967 §4); absent where nothing is said.
    #[serde(default)]
    pub security_events: Option<SecurityEvents>,
}

/// What is said about security events (RFC 9967 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SecurityEvents {
    /// Requests may be answered before they are processed.
    pub async_request: bool,
    /// The provider may do so unasked, where a request takes long.
    #[serde(skip)]
    pub unasked: bool,
}

/// What is said about paging (RFC 9865 §4).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Pagination {
    /// Cursors are supported.
    pub cursor: bool,
    /// Indices are supported.
    pub index: bool,
    /// The method of a request that names none (`index`, `cursor`); absent where nothing is said.
    pub default_method: Option<PagingMethod>,
    /// Results on a page where the request does not say.
    pub default_page_size: Option<u64>,
    /// Most results on a page.
    pub max_page_size: Option<u64>,
    /// Seconds for which a cursor is good.
    pub cursor_timeout: Option<u64>,
}

/// A method of paging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PagingMethod {
    /// By `startIndex` (RFC 7644 §3.4.2.4).
    Index,
    /// By `cursor` (RFC 9865).
    Cursor,
}

/// Seconds from which on a promised lifetime of cursors can be tested: shorter ones may pass while a
/// request is on its way.
const TESTABLE_TIMEOUT: u64 = 10;

impl Pagination {
    /// Whether this is said, in the words of a need (`cursor`, `maxPageSize`); absent for other words.
    fn says(&self, name: &str) -> Option<bool> {
        Some(match name {
            "cursor" => self.cursor,
            "index" => self.index,
            "defaultPaginationMethod" => self.default_method.is_some(),
            "defaultPageSize" => self.default_page_size.is_some(),
            "maxPageSize" => self.max_page_size.is_some(),
            "cursorTimeout" => {
                self.cursor && self.cursor_timeout.is_some_and(|it| it >= TESTABLE_TIMEOUT)
            }
            _ => return None,
        })
    }
}

impl Capabilities {
    /// Everything of RFC 7643, for targets that are known to be whole: all features, the RFC's
    /// resource types and schemas, generous limits.
    pub fn rfc() -> Self {
        Self {
            unconfigured: false,
            patch: true,
            bulk: Some(Bulk {
                max_operations: 1000,
                max_payload_size: 1 << 20,
            }),
            filter: Some(200),
            max_results: Some(200),
            change_password: true,
            sort: true,
            etag: true,
            resource_types: ResourceType::rfc_all(),
            schemas: Schema::rfc_all().to_vec(),
            assumed: Vec::new(),
            authentication_schemes: vec![String::from("oauthbearertoken")],
            pagination: None,
            security_events: None,
        }
    }

    /// A resource type by its name, compared without case.
    pub fn resource_type(&self, name: &str) -> Option<&ResourceType> {
        self.resource_types
            .iter()
            .find(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// The resource type whose endpoint a path below the base begins with (`/Users/2819`).
    pub fn resource_type_at(&self, path: &str) -> Option<&ResourceType> {
        self.resource_types.iter().find(|it| {
            path.strip_prefix(it.endpoint.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        })
    }

    /// A schema by its URN, compared without case.
    pub fn schema(&self, urn: &str) -> Option<&Schema> {
        self.schemas.iter().find(|it| urn::same(&it.id, urn))
    }

    /// Whether the definition of a schema is the RFC's rather than the target's.
    pub fn is_assumed(&self, urn: &str) -> bool {
        self.assumed.iter().any(|it| urn::same(it, urn))
    }

    /// The schemas of a resource type by its name; those that are not known are left out.
    pub fn schema_set(&self, name: &str) -> Option<SchemaSet> {
        let resource_type = self.resource_type(name)?;
        let extension = |(urn, required): &(String, bool)| {
            self.schema(urn).map(|schema| (schema.clone(), *required))
        };
        Some(SchemaSet {
            core: self.schema(&resource_type.schema)?.clone(),
            extensions: resource_type
                .extensions
                .iter()
                .filter_map(extension)
                .collect(),
        })
    }

    /// The definition of an attribute or sub-attribute of a resource type (`User`, `emails.type`);
    /// those of extensions by their URN.
    pub fn attribute(&self, name: &str, path: &str) -> Option<Attribute> {
        let set = self.schema_set(name)?;
        let Ok(Path::Attribute(path)) = path::parse(path) else {
            return None;
        };
        set.find(&path)?.definition().cloned()
    }

    /// Whether a need of the closed vocabulary is met: `spc.patch`, `rt.User`, `ext.Enterprise`,
    /// `attr:emails.type`. Absent for other needs, which are not about capabilities, and for unknown ones.
    pub fn has(&self, need: &str) -> Option<bool> {
        if let Some(feature) = need.strip_prefix("spc.") {
            return self.supports(feature);
        }
        if let Some(name) = need.strip_prefix("rt.") {
            return Some(self.resource_type(name).is_some());
        }
        if let Some(name) = need.strip_prefix("ext.") {
            return Some(self.has_extension(name));
        }
        let Ok(Path::Attribute(path)) = path::parse(need.strip_prefix("attr:")?) else {
            return None;
        };
        Some(self.defines(&path))
    }

    fn supports(&self, feature: &str) -> Option<bool> {
        Some(match feature {
            "patch" => self.patch,
            "bulk" => self.bulk.is_some(),
            "bulk.maxOperations" => self
                .bulk
                .is_some_and(|bulk| (1..=MOST_OPERATIONS).contains(&bulk.max_operations)),
            "bulk.maxPayloadSize" => self
                .bulk
                .is_some_and(|bulk| (1..=MOST_BYTES).contains(&bulk.max_payload_size)),
            "filter" => self.filter.is_some(),
            "changePassword" => self.change_password,
            "sort" => self.sort,
            "etag" => self.etag,
            "pagination" => self.pagination.is_some(),
            "securityEvents" => self.security_events.is_some(),
            "securityEvents.asyncRequest" => {
                self.security_events.is_some_and(|it| it.async_request)
            }
            // Who says nothing of paging pages by index (RFC 7644 §3.4.2.4).
            "pagination.index" => self.pagination.is_none_or(|it| it.index),
            _ => {
                let name = feature.strip_prefix("pagination.")?;
                self.pagination.unwrap_or_default().says(name)?
            }
        })
    }

    /// By a segment of its URN (`enterprise`) or the whole of it.
    fn has_extension(&self, name: &str) -> bool {
        self.resource_types
            .iter()
            .flat_map(|it| &it.extensions)
            .any(|(urn, _)| {
                let mut segments = urn.split(':');
                urn::same(urn, name) || segments.any(|it| it.eq_ignore_ascii_case(name))
            })
    }

    fn defines(&self, path: &AttributePath) -> bool {
        self.resource_types
            .iter()
            .filter_map(|it| self.schema_set(&it.name))
            .any(|set| matches!(set.find(path), Some(Place::Attribute { .. })))
    }
}

/// Limits of bulk requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Bulk {
    /// Largest number of operations; 0 where it is not said.
    pub max_operations: u64,
    /// Largest body in bytes; 0 where it is not said.
    pub max_payload_size: u64,
}

/// A resource type (RFC 7643 §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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

impl ResourceType {
    /// User with the enterprise extension, and Group, at their usual endpoints.
    pub fn rfc_all() -> Vec<Self> {
        let make = |name: &str, endpoint: &str, schema: &str, extensions| Self {
            name: String::from(name),
            endpoint: String::from(endpoint),
            schema: String::from(schema),
            extensions,
        };
        let enterprise = vec![(String::from(urn::ENTERPRISE_USER), false)];
        vec![
            make("User", "/Users", urn::USER, enterprise),
            make("Group", "/Groups", urn::GROUP, Vec::new()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_needs() {
        let check = |need: &str, expected: Option<bool>| {
            assert_eq!(Capabilities::rfc().has(need), expected, "{need}");
        };
        check("spc.patch", Some(true));
        check("spc.pagination", Some(false));
        check("spc.pagination.index", Some(true));
        check("spc.pagination.cursor", Some(false));
        check("spc.pagination.magic", None);
        check("spc.magic", None);
        check("rt.User", Some(true));
        check("rt.Device", Some(false));
        check("ext.Enterprise", Some(true));
        check("ext.Nothing", Some(false));
        check("attr:emails.type", Some(true));
        check("attr:members", Some(true));
        check("attr:emails.colour", Some(false));
        check(
            &format!("attr:{}:department", urn::ENTERPRISE_USER),
            Some(true),
        );
        check("setting:second-token", None);
    }

    #[test]
    fn finds_by_name_and_path() {
        let all = Capabilities::rfc();
        assert_eq!(all.resource_type_at("/Users/2819").unwrap().name, "User");
        assert_eq!(
            all.resource_type_at("/Groups?count=1").unwrap().name,
            "Group"
        );
        assert_eq!(all.resource_type_at("/Userland"), None);
        assert_eq!(all.attribute("user", "EMAILS.type").unwrap().name, "type");
        assert_eq!(all.attribute("Group", "emails"), None);
    }
}
