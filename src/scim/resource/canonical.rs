//! Attribute names as their schema spells them.

use serde_json::{Map, Value};

use crate::scim::schema::{Attribute, Schema, SchemaSet};

/// What rules a value in a resource.
#[derive(Clone, Copy)]
pub(super) enum Rules<'a> {
    /// The resource itself.
    Resource(&'a SchemaSet),
    /// The container of an extension.
    Container(&'a Schema),
    /// An attribute or sub-attribute, as a whole and each of its values.
    Attribute(&'a Attribute),
    /// No schema.
    Unknown,
}

impl<'a> Rules<'a> {
    /// What rules a member.
    pub(super) fn child(self, name: &str) -> Self {
        match self {
            Self::Resource(schemas) => match schemas.extension(name) {
                Some(schema) => Self::Container(schema),
                None => Self::known(schemas.attribute(name)),
            },
            Self::Container(schema) => Self::known(schema.attribute(name)),
            Self::Attribute(attribute) => Self::known(attribute.sub(name)),
            Self::Unknown => Self::Unknown,
        }
    }

    fn known(attribute: Option<&'a Attribute>) -> Self {
        attribute.map_or(Self::Unknown, Self::Attribute)
    }

    /// The definition of the value.
    pub(super) fn definition(self) -> Option<&'a Attribute> {
        match self {
            Self::Attribute(attribute) => Some(attribute),
            _ => None,
        }
    }

    /// The name as the schema spells it.
    fn spelling(self) -> Option<&'a str> {
        match self {
            Self::Container(schema) => Some(&schema.id),
            Self::Attribute(attribute) => Some(&attribute.name),
            Self::Resource(_) | Self::Unknown => None,
        }
    }
}

/// A resource with its attribute names and extension URNs spelled as the schemas do. Names that no
/// schema knows stay; of two spellings of one name the last wins.
pub fn canonicalise(resource: &Value, schemas: &SchemaSet) -> Value {
    respell(resource, Rules::Resource(schemas))
}

fn respell(value: &Value, rules: Rules<'_>) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| respell(item, rules)).collect(),
        Value::Object(members) => {
            let mut out = Map::new();
            for (name, value) in members {
                let child = rules.child(name);
                let name = child.spelling().unwrap_or(name);
                out.insert(String::from(name), respell(value, child));
            }
            Value::Object(out)
        }
        simple => simple.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scim::urn;

    #[test]
    fn spells_names_as_the_schema_does() {
        let resource = json!({
            "USERNAME": "a",
            "Emails": [{"VALUE": "b", "Colour": 1}],
            "own": {"X": 1},
            "META": {"lastmodified": "c"},
            urn::ENTERPRISE_USER.to_uppercase(): {"MANAGER": {"$REF": "d"}},
        });
        let expected = json!({
            "userName": "a",
            "emails": [{"value": "b", "Colour": 1}],
            "own": {"X": 1},
            "meta": {"lastModified": "c"},
            urn::ENTERPRISE_USER: {"manager": {"$ref": "d"}},
        });
        assert_eq!(canonicalise(&resource, &SchemaSet::rfc_user()), expected);
    }
}
