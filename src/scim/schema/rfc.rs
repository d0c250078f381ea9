//! The schemas of RFC 7643 §8.7 with its verified errata, and the common attributes of §3.1.

use std::sync::LazyLock;

use serde_json::Value;

use super::{Attribute, Schema};
use crate::scim::urn;

const TEXTS: [&str; 6] = [
    include_str!("../../../fixtures/schema/user.json"),
    include_str!("../../../fixtures/schema/group.json"),
    include_str!("../../../fixtures/schema/enterprise_user.json"),
    include_str!("../../../fixtures/schema/service_provider_config.json"),
    include_str!("../../../fixtures/schema/resource_type.json"),
    include_str!("../../../fixtures/schema/schema.json"),
];

static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| TEXTS.into_iter().map(parse).collect());

static SCHEMAS: LazyLock<Vec<Schema>> = LazyLock::new(|| {
    let read = |document| Schema::read(document).0;
    DOCUMENTS.iter().filter_map(read).collect()
});

static COMMON: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    let document = parse(include_str!("../../../fixtures/schema/common.json"));
    let attributes = document["attributes"].as_array();
    let read = |document| Attribute::read(document).0;
    attributes.into_iter().flatten().filter_map(read).collect()
});

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("the embedded schemas are JSON: a test reads them")
}

impl Schema {
    /// The RFC's own definition of a schema, by its URN without case.
    pub fn rfc(urn: &str) -> Option<&'static Self> {
        Self::rfc_all().iter().find(|it| urn::same(&it.id, urn))
    }

    /// All schemas that RFC 7643 defines, in the order of [`urn::SCHEMAS`].
    pub fn rfc_all() -> &'static [Self] {
        &SCHEMAS
    }

    /// The same as documents, as `/Schemas` would serve them (without descriptions).
    pub fn rfc_documents() -> &'static [Value] {
        &DOCUMENTS
    }
}

/// The attributes that every resource has: `schemas`, `id`, `externalId`, `meta` (RFC 7643 §3, §3.1).
pub fn common() -> &'static [Attribute] {
    &COMMON
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_schemas_read_without_defect() {
        let urns: Vec<_> = Schema::rfc_all().iter().map(|it| it.id.as_str()).collect();
        assert_eq!(urns, urn::SCHEMAS);
        for document in Schema::rfc_documents() {
            assert_eq!(Schema::read(document).1, []);
        }
        let names: Vec<_> = common().iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["schemas", "id", "externalId", "meta"]);
    }
}
