//! Adaptation of a fixture to its target: what the target's schemas require is filled in.
//!
//! Never touches what is there already, read-only attributes, or a literal body.

use serde_json::{Map, Value, json};

use super::change::spelling;
use crate::scim::capabilities::Capabilities;
use crate::scim::schema::{Attribute, DataType, Mutability, Schema};

/// What filled-in values are made of.
pub(super) struct Material<'a> {
    /// Name of the resource, marked.
    pub(super) name: &'a str,
    /// Its userName.
    pub(super) user_name: &'a str,
    /// Its address.
    pub(super) mail: &'a str,
    /// Makes a password and gives its label.
    pub(super) password: &'a dyn Fn() -> String,
    /// The present time.
    pub(super) now: &'a str,
}

/// Fills in what the schemas of the resource type require and the resource lacks.
pub(super) fn fill_required(
    resource: &mut Value,
    resource_type: &str,
    capabilities: &Capabilities,
    material: &Material<'_>,
) {
    let Some(kind) = capabilities
        .resource_types
        .iter()
        .find(|kind| kind.name.eq_ignore_ascii_case(resource_type))
    else {
        return;
    };
    let Value::Object(members) = resource else {
        return;
    };
    if let Some(schema) = find(capabilities, &kind.schema) {
        fill(members, &schema.attributes, "", material);
    }
    for (urn, required) in &kind.extensions {
        let Some(schema) = find(capabilities, urn) else {
            continue;
        };
        match spelling(members, urn) {
            Some(known) => {
                if let Some(Value::Object(extension)) = members.get_mut(&known) {
                    fill(extension, &schema.attributes, "", material);
                }
            }
            None if *required => {
                let mut extension = Map::new();
                fill(&mut extension, &schema.attributes, "", material);
                if !extension.is_empty() {
                    members.insert(urn.clone(), Value::Object(extension));
                    declare(members, urn);
                }
            }
            None => {}
        }
    }
}

fn find<'a>(capabilities: &'a Capabilities, urn: &str) -> Option<&'a Schema> {
    capabilities
        .schemas
        .iter()
        .find(|schema| schema.id.eq_ignore_ascii_case(urn))
}

fn declare(members: &mut Map<String, Value>, urn: &str) {
    if let Some(Value::Array(schemas)) = members.get_mut("schemas") {
        schemas.push(Value::from(urn));
    }
}

fn fill(
    members: &mut Map<String, Value>,
    attributes: &[Attribute],
    parent: &str,
    material: &Material<'_>,
) {
    for attribute in attributes {
        if attribute.mutability == Mutability::ReadOnly || is_common(&attribute.name) {
            continue;
        }
        match spelling(members, &attribute.name) {
            None if attribute.required => {
                let value = invent(attribute, parent, material);
                members.insert(attribute.name.clone(), value);
            }
            None => {}
            Some(known) => {
                if let Some(present) = members.get_mut(&known) {
                    complete(present, attribute, material);
                }
            }
        }
    }
}

/// Fills in required sub-attributes of a value that is there.
fn complete(present: &mut Value, attribute: &Attribute, material: &Material<'_>) {
    match present {
        Value::Object(members) => fill(
            members,
            &attribute.sub_attributes,
            &attribute.name,
            material,
        ),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| complete(item, attribute, material)),
        _ => {}
    }
}

/// Attributes that the protocol itself handles (RFC 7643 §3.1), whatever a schema says of them.
fn is_common(name: &str) -> bool {
    ["id", "schemas", "meta"]
        .iter()
        .any(|common| common.eq_ignore_ascii_case(name))
}

fn invent(attribute: &Attribute, parent: &str, material: &Material<'_>) -> Value {
    let one = match attribute.data_type {
        DataType::Boolean => Value::Bool(true),
        DataType::Integer => json!(1),
        DataType::Decimal => json!(1.5),
        DataType::DateTime => Value::from(material.now),
        DataType::Binary => Value::from("c2NpbWl0YXI="),
        DataType::Reference => Value::from(format!("https://example.com/{}", material.name)),
        DataType::String => Value::from(text(attribute, parent, material)),
        DataType::Complex => complex(attribute, material),
    };
    if attribute.multi_valued {
        return Value::Array(vec![one]);
    }
    one
}

/// A complex value with what it requires, or with its `value` where it requires nothing.
fn complex(attribute: &Attribute, material: &Material<'_>) -> Value {
    let mut members = Map::new();
    let subs = &attribute.sub_attributes;
    fill(&mut members, subs, &attribute.name, material);
    if members.is_empty() {
        let writable = || {
            subs.iter()
                .filter(|sub| sub.mutability != Mutability::ReadOnly)
        };
        let value = writable().find(|sub| sub.name.eq_ignore_ascii_case("value"));
        if let Some(sub) = value.or_else(|| writable().next()) {
            members.insert(sub.name.clone(), invent(sub, &attribute.name, material));
        }
    }
    Value::Object(members)
}

fn text(attribute: &Attribute, parent: &str, material: &Material<'_>) -> String {
    if let Some(canonical) = attribute.canonical_values.first() {
        return canonical.clone();
    }
    let name = match attribute.name.to_ascii_lowercase() {
        name if name == "value" => parent.to_ascii_lowercase(),
        name => name,
    };
    let text = match name.as_str() {
        "username" => material.user_name,
        "password" => return (material.password)(),
        name if name.contains("mail") => material.mail,
        "phonenumbers" => "tel:+1-555-555-5555",
        "locale" | "preferredlanguage" => "en-US",
        "timezone" => "Europe/Berlin",
        "country" => "DE",
        "givenname" => "Barbara",
        "familyname" => "Jensen",
        _ => material.name,
    };
    text.to_owned()
}
