//! Reads the discovery documents: what can be understood is kept, the rest is reported, what is
//! missing is taken from the RFC.

use serde_json::Value;

use super::{Bulk, Capabilities, Pagination, PagingMethod, ResourceType, SecurityEvents};
use crate::scim::resource::member;
use crate::scim::schema::{Defect, Schema, read_schema};

/// Something in a discovery document that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentDefect {
    /// Endpoint of the document (`/Schemas`).
    pub document: &'static str,
    /// JSON Pointer into it.
    pub at: String,
    /// Lowercase fragment: what is wrong.
    pub message: String,
}

impl Capabilities {
    /// Reads the bodies of `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`, each absent
    /// where the target serves none. Without a configuration no feature counts as supported;
    /// without resource types or schemas the RFC's stand.
    pub fn read(
        config: Option<&Value>,
        resource_types: Option<&Value>,
        schemas: Option<&Value>,
    ) -> (Self, Vec<DocumentDefect>) {
        let mut all = Vec::new();
        let mut keep = |document: &'static str, defects: Vec<Defect>| {
            all.extend(
                defects
                    .into_iter()
                    .map(|Defect { at, message }| DocumentDefect {
                        document,
                        at,
                        message,
                    }),
            );
        };
        let mut defects = Vec::new();
        let mut read = config.map_or_else(Self::default, |body| features(body, &mut defects));
        read.unconfigured = !config.is_some_and(|body| alone(body).is_object());
        keep("/ServiceProviderConfig", std::mem::take(&mut defects));

        read.resource_types = match resource_types {
            Some(body) => types(body, &mut defects),
            None => Vec::new(),
        };
        if read.resource_types.is_empty() {
            read.resource_types = ResourceType::rfc_all();
        }
        keep("/ResourceTypes", std::mem::take(&mut defects));

        if let Some(body) = schemas {
            for (at, document) in documents(body, &mut defects) {
                let schema = read_schema(document, &at, &mut defects);
                read.keep(schema, &at, &mut defects);
            }
        }
        read.complete_schemas(schemas.is_some(), &mut defects);
        keep("/Schemas", defects);
        (read, all)
    }

    /// Keeps a schema, unless it defines nothing and the RFC's can stand in, or one of its URN is there.
    fn keep(&mut self, schema: Option<Schema>, at: &str, defects: &mut Vec<Defect>) {
        let Some(schema) = schema else {
            return;
        };
        if self.schema(&schema.id).is_some() {
            defects.push(Defect {
                at: format!("{at}/id"),
                message: format!("“{}” is served twice", schema.id),
            });
        } else if !schema.attributes.is_empty() || Schema::rfc(&schema.id).is_none() {
            self.schemas.push(schema);
        }
    }

    /// Adds the RFC's definition of each schema that a resource type names and nobody served.
    fn complete_schemas(&mut self, served: bool, defects: &mut Vec<Defect>) {
        let named: Vec<String> = self
            .resource_types
            .iter()
            .flat_map(|it| {
                let extensions = it.extensions.iter().map(|(urn, _)| urn);
                std::iter::once(&it.schema).chain(extensions)
            })
            .cloned()
            .collect();
        for urn in named {
            if self.schema(&urn).is_some() {
                continue;
            }
            if served {
                let message = format!(
                    "“{urn}” is named by a resource type and not served, or defines nothing"
                );
                defects.push(Defect {
                    at: String::new(),
                    message,
                });
            }
            if let Some(schema) = Schema::rfc(&urn) {
                self.schemas.push(schema.clone());
                self.assumed.push(urn);
            }
        }
    }
}

fn features(body: &Value, defects: &mut Vec<Defect>) -> Capabilities {
    let mut reader = Config {
        body: alone(body),
        defects,
    };
    let bulk = reader.supported("bulk");
    let filter = reader.supported("filter");
    Capabilities {
        patch: reader.supported("patch"),
        bulk: bulk.then(|| Bulk {
            max_operations: reader.limit("bulk", "maxOperations"),
            max_payload_size: reader.limit("bulk", "maxPayloadSize"),
        }),
        filter: filter.then(|| reader.limit("filter", "maxResults")),
        max_results: reader.get("filter", "maxResults").and_then(Value::as_u64),
        change_password: reader.supported("changePassword"),
        sort: reader.supported("sort"),
        etag: reader.supported("etag"),
        authentication_schemes: reader.schemes(),
        pagination: reader.pagination(),
        security_events: reader.security_events(),
        ..Capabilities::default()
    }
}

/// The configuration itself, where it comes as the one element of a list.
fn alone(body: &Value) -> &Value {
    let listed = member(body, "Resources").unwrap_or(body).as_array();
    listed.and_then(|items| items.first()).unwrap_or(body)
}

/// The configuration and where its defects go.
struct Config<'a> {
    body: &'a Value,
    defects: &'a mut Vec<Defect>,
}

impl<'a> Config<'a> {
    fn defect(&mut self, at: String, message: &str) {
        self.defects.push(Defect {
            at,
            message: String::from(message),
        });
    }

    fn get(&self, feature: &str, name: &str) -> Option<&'a Value> {
        member(member(self.body, feature)?, name).filter(|value| !value.is_null())
    }

    fn supported(&mut self, feature: &str) -> bool {
        let at = format!("/{feature}/supported");
        match self.get(feature, "supported") {
            Some(Value::Bool(supported)) => *supported,
            Some(other) => {
                self.defect(at, "is no boolean");
                other
                    .as_str()
                    .is_some_and(|text| text.eq_ignore_ascii_case("true"))
            }
            None => {
                self.defect(at, "is missing");
                false
            }
        }
    }

    fn limit(&mut self, feature: &str, name: &str) -> u64 {
        let at = format!("/{feature}/{name}");
        let Some(value) = self.get(feature, name) else {
            self.defect(at, "is missing");
            return 0;
        };
        value.as_u64().unwrap_or_else(|| {
            self.defect(at, "is no count");
            0
        })
    }

    fn schemes(&mut self) -> Vec<String> {
        let Some(schemes) = member(self.body, "authenticationSchemes").and_then(Value::as_array)
        else {
            self.defect(
                String::from("/authenticationSchemes"),
                "is missing or no array",
            );
            return Vec::new();
        };
        let mut types = Vec::new();
        for (i, scheme) in schemes.iter().enumerate() {
            match member(scheme, "type").and_then(Value::as_str) {
                Some(name) => types.push(String::from(name)),
                None => self.defect(format!("/authenticationSchemes/{i}/type"), "is missing"),
            }
        }
        types
    }

    fn security_events(&self) -> Option<SecurityEvents> {
        member(self.body, "securityEvents").filter(|value| value.is_object())?;
        let mode = self.get("securityEvents", "asyncRequest");
        let mode = mode.and_then(Value::as_str).unwrap_or("none");
        Some(SecurityEvents {
            async_request: !mode.eq_ignore_ascii_case("none"),
            unasked: mode.eq_ignore_ascii_case("long"),
        })
    }

    fn pagination(&self) -> Option<Pagination> {
        member(self.body, "pagination").filter(|value| value.is_object())?;
        let flag = |name| self.get("pagination", name).and_then(Value::as_bool) == Some(true);
        let count = |name| self.get("pagination", name).and_then(Value::as_u64);
        let method = self.get("pagination", "defaultPaginationMethod");
        Some(Pagination {
            cursor: flag("cursor"),
            index: flag("index"),
            default_method: match method.and_then(Value::as_str) {
                Some(name) if name.eq_ignore_ascii_case("cursor") => Some(PagingMethod::Cursor),
                Some(name) if name.eq_ignore_ascii_case("index") => Some(PagingMethod::Index),
                _ => None,
            },
            default_page_size: count("defaultPageSize"),
            max_page_size: count("maxPageSize"),
            cursor_timeout: count("cursorTimeout"),
        })
    }
}

/// Resource types, or schemas, that are read.
pub const MAX_DOCUMENTS: usize = 1000;

/// The documents of a list with their places; a bare array or a single document also counts.
fn documents<'a>(body: &'a Value, defects: &mut Vec<Defect>) -> Vec<(String, &'a Value)> {
    let place = |at: &str, items: &'a [Value]| {
        let numbered = |(i, item)| (format!("{at}/{i}"), item);
        let read = items.iter().take(MAX_DOCUMENTS);
        read.enumerate().map(numbered).collect()
    };
    if let Some(Value::Array(items)) = member(body, "Resources") {
        if items.len() > MAX_DOCUMENTS {
            defects.push(Defect {
                at: format!("/Resources/{MAX_DOCUMENTS}"),
                message: String::from("is one document too many to be read"),
            });
        }
        return place("/Resources", items);
    }
    defects.push(Defect {
        at: String::new(),
        message: String::from("is no ListResponse"),
    });
    match body {
        Value::Array(items) => place("", items),
        _ if member(body, "name").is_some() => vec![(String::new(), body)],
        _ => Vec::new(),
    }
}

fn types(body: &Value, defects: &mut Vec<Defect>) -> Vec<ResourceType> {
    let mut types = Vec::new();
    for (at, document) in documents(body, defects) {
        let mut text = |name: &str| {
            let text = member(document, name).and_then(Value::as_str);
            if text.is_none_or(str::is_empty) {
                defects.push(Defect {
                    at: format!("{at}/{name}"),
                    message: String::from("is missing"),
                });
            }
            text.filter(|text| !text.is_empty())
        };
        let stated = (text("name"), text("endpoint"), text("schema"));
        types.extend(resource_type(document, stated));
    }
    types
}

/// A resource type from its name, endpoint and schema; what is missing of one that the RFC defines is the RFC's.
fn resource_type(
    document: &Value,
    (name, endpoint, schema): (Option<&str>, Option<&str>, Option<&str>),
) -> Option<ResourceType> {
    let standard = ResourceType::rfc_all().into_iter().find(|it| {
        let alike =
            |text: Option<&str>, own: &str| text.is_some_and(|text| text.eq_ignore_ascii_case(own));
        alike(name, &it.name) || (name.is_none() && alike(schema, &it.schema))
    });
    let known = |pick: fn(&ResourceType) -> &String| standard.as_ref().map(|it| pick(it).clone());
    Some(ResourceType {
        name: name.map(String::from).or_else(|| known(|it| &it.name))?,
        endpoint: endpoint
            .map(endpoint_path)
            .or_else(|| known(|it| &it.endpoint))?,
        schema: schema
            .map(String::from)
            .or_else(|| known(|it| &it.schema))?,
        extensions: extensions(document),
    })
}

fn extensions(document: &Value) -> Vec<(String, bool)> {
    let list = member(document, "schemaExtensions").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|extension| {
            let urn = member(extension, "schema")?.as_str()?;
            let required = member(extension, "required").and_then(Value::as_bool);
            Some((String::from(urn), required == Some(true)))
        })
        .collect()
}

/// `Users`, `/Users`, `https://x/v2/Users` and `/Users/` are all `/Users`.
fn endpoint_path(endpoint: &str) -> String {
    let trimmed = endpoint.trim_end_matches('/');
    let last = match trimmed.split_once("://") {
        Some((_, rest)) => rest.rsplit('/').next().unwrap_or(rest),
        None => trimmed.trim_start_matches('/'),
    };
    format!("/{last}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scim::urn;

    #[test]
    fn without_documents_the_rfc_stands() {
        let (read, defects) = Capabilities::read(None, None, None);
        assert_eq!(defects, []);
        assert!(!read.patch && read.bulk.is_none() && read.filter.is_none());
        assert_eq!(read.resource_types, ResourceType::rfc_all());
        assert_eq!(read.schema_set("Group").unwrap().core.id, urn::GROUP);
    }

    #[test]
    fn the_bound_of_lists_is_read_without_filters_too() {
        let config = json!({"filter": {"supported": false, "maxResults": 0}});
        let (read, _) = Capabilities::read(Some(&config), None, None);
        assert_eq!((read.filter, read.max_results), (None, Some(0)));
    }

    #[test]
    fn reads_what_servers_send() {
        let config = json!({
            "patch": {"supported": "True"}, "bulk": {"supported": true, "maxOperations": 5},
            "filter": {"supported": true, "maxResults": 9}, "sort": {"supported": false},
            "changePassword": {}, "etag": {"Supported": true},
            "authenticationSchemes": [{"type": "oauth2"}, {}], "pagination": {"cursor": true},
        });
        let types = json!({"Resources": [
            {"name": "User", "endpoint": "Users", "schema": urn::USER,
             "schemaExtensions": [{"schema": "urn:x", "required": true}]},
            {"name": "Odd", "endpoint": "https://h/v2/Odds/", "schema": urn::GROUP},
            {"name": "None"},
        ]});
        let schemas = json!([{"id": urn::USER, "attributes": []}]);
        let (read, defects) = Capabilities::read(Some(&config), Some(&types), Some(&schemas));
        assert!(read.patch && read.etag && read.pagination.unwrap().cursor);
        assert_eq!(read.bulk.unwrap().max_operations, 5);
        assert_eq!((read.filter, read.max_results), (Some(9), Some(9)));
        let endpoints: Vec<_> = read
            .resource_types
            .iter()
            .map(|it| it.endpoint.as_str())
            .collect();
        assert_eq!(endpoints, ["/Users", "/Odds"]);
        assert!(read.resource_type("User").unwrap().extensions[0].1);
        assert!(!read.schema(urn::USER).unwrap().attributes.is_empty());
        assert_eq!(read.assumed, [urn::USER, urn::GROUP]);
        let seen: Vec<_> = defects
            .iter()
            .map(|it| format!("{}{} {}", it.document, it.at, it.message))
            .collect();
        let unserved = |urn: &str| {
            format!(
                "/Schemas “{urn}” is named by a resource type and not served, or defines nothing"
            )
        };
        assert_eq!(
            seen,
            [
                "/ServiceProviderConfig/patch/supported is no boolean",
                "/ServiceProviderConfig/bulk/maxPayloadSize is missing",
                "/ServiceProviderConfig/changePassword/supported is missing",
                "/ServiceProviderConfig/authenticationSchemes/1/type is missing",
                "/ResourceTypes/Resources/2/endpoint is missing",
                "/ResourceTypes/Resources/2/schema is missing",
                "/Schemas is no ListResponse",
                &unserved(urn::USER),
                &unserved("urn:x"),
                &unserved(urn::GROUP),
            ]
        );
    }
}
