//! The discovery documents: what the provider can do, which resource types and schemas it has
//! (RFC 7643 §5–7, RFC 7644 §4).
//!
//! Says what the settings say, so that every flag is true.

use serde_json::{Value, json};

use super::Provider;
use super::model::TypeModel;
use super::plan::Document;
use super::problem::Problem;
use super::settings::Feature;
use crate::scim::list::ListResponse;
use crate::scim::urn;

/// A discovery document.
///
/// # Errors
/// 404 where there is no such resource type or schema.
pub(super) fn document(
    provider: &Provider,
    base: &str,
    document: &Document,
) -> Result<Value, Problem> {
    match document {
        Document::ServiceProviderConfig => Ok(configuration(provider, base)),
        Document::ResourceTypes => Ok(list(
            provider
                .model()
                .types()
                .iter()
                .map(|model| resource_type(model, base))
                .collect(),
        )),
        Document::ResourceType(name) => provider
            .model()
            .types()
            .iter()
            .find(|model| model.kind.name() == name)
            .map(|model| resource_type(model, base))
            .ok_or_else(|| Problem::not_found(format!("there is no resource type '{name}'"))),
        Document::Schemas => Ok(list(
            provider
                .model()
                .documents
                .iter()
                .map(|document| schema(document, base))
                .collect(),
        )),
        Document::Schema(id) => provider
            .model()
            .documents
            .iter()
            .find(|document| {
                document["id"]
                    .as_str()
                    .is_some_and(|known| urn::same(known, id))
            })
            .map(|document| schema(document, base))
            .ok_or_else(|| Problem::not_found(format!("there is no schema '{id}'"))),
    }
}

fn list(resources: Vec<Value>) -> Value {
    ListResponse::page(resources.len() as u64, 1, resources).into_json()
}

fn configuration(provider: &Provider, base: &str) -> Value {
    let settings = provider.settings();
    let offers = |feature: Feature| settings.offers(feature);
    let paging = settings.paging;
    let mut configuration = json!({
        "schemas": [urn::SERVICE_PROVIDER_CONFIG],
        "patch": { "supported": offers(Feature::Patch) },
        "bulk": {
            "supported": offers(Feature::Bulk),
            "maxOperations": settings.limits.max_operations,
            "maxPayloadSize": settings.limits.max_payload_size,
        },
        "filter": {
            "supported": offers(Feature::Filter),
            "maxResults": settings.limits.max_results,
        },
        "changePassword": { "supported": offers(Feature::ChangePassword) },
        "sort": { "supported": offers(Feature::Sort) },
        "etag": { "supported": offers(Feature::Etag) },
        "pagination": {
            "cursor": offers(Feature::Cursor),
            "index": offers(Feature::Index),
            "defaultPaginationMethod": settings.default_paging().keyword(),
            "defaultPageSize": paging.page_size.min(settings.limits.max_results),
            "maxPageSize": settings.limits.max_results,
            "cursorTimeout": paging.cursor_timeout.as_secs(),
        },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth bearer token",
            "description": "A bearer token in the Authorization header field",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base}/ServiceProviderConfig"),
        },
    });
    if settings.asynchronous
        && let Some(members) = configuration.as_object_mut()
    {
        let events = json!({
            "asyncRequest": "request",
            "eventUris": ["urn:ietf:params:scim:event:misc:asyncresp"],
        });
        members.insert(String::from("securityEvents"), events);
    }
    configuration
}

fn resource_type(model: &TypeModel, base: &str) -> Value {
    let name = model.kind.name();
    let mut document = json!({
        "schemas": [urn::RESOURCE_TYPE],
        "id": name,
        "name": name,
        "description": format!("Resources of type {name}"),
        "endpoint": format!("/{}", model.kind.endpoint()),
        "schema": model.core.id,
        "meta": {
            "resourceType": "ResourceType",
            "location": format!("{base}/ResourceTypes/{name}"),
        },
    });
    if !model.extensions.is_empty() {
        document["schemaExtensions"] = model
            .extensions
            .iter()
            .map(|schema| json!({ "schema": schema.id, "required": false }))
            .collect();
    }
    document
}

fn schema(document: &Value, base: &str) -> Value {
    let mut schema = document.clone();
    let id = document["id"].as_str().unwrap_or("");
    schema["meta"] = json!({
        "resourceType": "Schema",
        "location": format!("{base}/Schemas/{id}"),
    });
    schema
}
