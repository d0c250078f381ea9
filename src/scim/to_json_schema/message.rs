//! The messages of RFC 7644 and the discovery resources of RFC 7643, each with its JSON Schema.

use std::sync::LazyLock;

use serde_json::Value;

/// What has a schema of its own in the RFCs' text rather than in `/Schemas`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// RFC 7644 §3.4.2.
    ListResponse,
    /// RFC 7644 §3.4.3.
    SearchRequest,
    /// RFC 7644 §3.5.2.
    PatchOp,
    /// RFC 7644 §3.7.
    BulkRequest,
    /// RFC 7644 §3.7.3.
    BulkResponse,
    /// RFC 7644 §3.12.
    Error,
    /// RFC 7643 §5.
    ServiceProviderConfig,
    /// RFC 7643 §6.
    ResourceType,
    /// RFC 7643 §7.
    Schema,
}

static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    Message::ALL
        .iter()
        .map(|message| {
            serde_json::from_str(message.text())
                .expect("the embedded schemas of messages are JSON: a test reads them")
        })
        .collect()
});

impl Message {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 9] = [
        Self::ListResponse,
        Self::SearchRequest,
        Self::PatchOp,
        Self::BulkRequest,
        Self::BulkResponse,
        Self::Error,
        Self::ServiceProviderConfig,
        Self::ResourceType,
        Self::Schema,
    ];

    /// Its name in the RFC.
    pub fn name(self) -> &'static str {
        match self {
            Self::ListResponse => "ListResponse",
            Self::SearchRequest => "SearchRequest",
            Self::PatchOp => "PatchOp",
            Self::BulkRequest => "BulkRequest",
            Self::BulkResponse => "BulkResponse",
            Self::Error => "Error",
            Self::ServiceProviderConfig => "ServiceProviderConfig",
            Self::ResourceType => "ResourceType",
            Self::Schema => "Schema",
        }
    }

    /// Its JSON Schema as text.
    pub fn text(self) -> &'static str {
        match self {
            Self::ListResponse => {
                include_str!("../../../fixtures/schema/list_response.schema.json")
            }
            Self::SearchRequest => {
                include_str!("../../../fixtures/schema/search_request.schema.json")
            }
            Self::PatchOp => include_str!("../../../fixtures/schema/patch_op.schema.json"),
            Self::BulkRequest => include_str!("../../../fixtures/schema/bulk_request.schema.json"),
            Self::BulkResponse => {
                include_str!("../../../fixtures/schema/bulk_response.schema.json")
            }
            Self::Error => include_str!("../../../fixtures/schema/error.schema.json"),
            Self::ServiceProviderConfig => {
                include_str!("../../../fixtures/schema/service_provider_config.schema.json")
            }
            Self::ResourceType => {
                include_str!("../../../fixtures/schema/resource_type.schema.json")
            }
            Self::Schema => include_str!("../../../fixtures/schema/schema.schema.json"),
        }
    }

    /// Its JSON Schema.
    pub fn document(self) -> &'static Value {
        &DOCUMENTS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_has_a_schema_that_names_it() {
        for message in Message::ALL {
            let document = message.document();
            assert_eq!(document["title"], message.name());
            let urn = document["properties"]["schemas"]["contains"]["const"].as_str();
            assert!(urn.unwrap().ends_with(message.name()), "{urn:?}");
        }
    }
}
