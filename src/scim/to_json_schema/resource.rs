//! The JSON Schema of a resource type.

use serde_json::{Map, Value, json};

use super::View;
use crate::scim::schema::{Attribute, DataType, Mutability, Schema, SchemaSet, common};

/// Whether a resource may have attributes that no schema defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// It may: what is made for others.
    Open,
    /// It may not, so that a validator names them.
    Closed,
}

/// The schema that the answers of a target have to fit, as the view shows them.
///
/// Required are only attributes that the schema requires and the view leaves in. What is never returned, or
/// only on request, has to be unassigned. Canonical values are examples. Any attribute may be null.
pub fn resource(name: &str, set: &SchemaSet, view: &View, openness: Openness) -> Value {
    let own = set.core.attributes.iter();
    let own = own.filter(|attribute| !common().iter().any(|it| it.is_named(&attribute.name)));
    let attributes: Vec<&Attribute> = common().iter().chain(own).collect();
    let mut object = members(None, &attributes, view);
    object.insert(String::from("title"), json!(name));
    object.insert(
        String::from("$schema"),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    let mut required = take_array(&mut object, "required");
    let mut properties = take_object(&mut object, "properties");
    properties.insert(String::from("schemas"), schemas(set));
    for (schema, is_required) in &set.extensions {
        let (container, demands) = container(schema, view, openness);
        if *is_required && demands {
            required.push(json!(schema.id));
        }
        properties.insert(schema.id.clone(), container);
    }
    object.insert(String::from("properties"), Value::Object(properties));
    object.insert(String::from("required"), Value::Array(required));
    if openness == Openness::Closed {
        object.insert(String::from("additionalProperties"), json!(false));
    }
    object.sort_keys();
    Value::Object(object)
}

/// `schemas`: the core schema and what the type requires have to be among them.
fn schemas(set: &SchemaSet) -> Value {
    let urns: Vec<&str> = set.urns().collect();
    let extensions = set.extensions.iter().filter(|(_, required)| *required);
    let extensions = extensions.map(|(schema, _)| schema.id.as_str());
    let needed: Vec<Value> = std::iter::once(set.core.id.as_str())
        .chain(extensions)
        .map(|urn| json!({"contains": {"const": urn}}))
        .collect();
    json!({
        "type": "array",
        "items": {"type": "string", "format": "uri-reference", "examples": urns},
        "minItems": 1,
        "uniqueItems": true,
        "allOf": needed,
    })
}

/// The container of an extension, and whether it demands anything of a resource that has it.
fn container(schema: &Schema, view: &View, openness: Openness) -> (Value, bool) {
    let attributes: Vec<&Attribute> = schema.attributes.iter().collect();
    let mut object = members(Some(&schema.id), &attributes, view);
    object.insert(String::from("type"), json!(["object", "null"]));
    if openness == Openness::Closed {
        object.insert(String::from("additionalProperties"), json!(false));
    }
    let demands = object.contains_key("required");
    (Value::Object(object), demands)
}

/// An object with these attributes.
fn members(extension: Option<&str>, attributes: &[&Attribute], view: &View) -> Map<String, Value> {
    let properties: Map<String, Value> = attributes
        .iter()
        .map(|attribute| {
            let subs = |sub: &Attribute| view.shows_sub(extension, attribute, sub);
            (
                attribute.name.clone(),
                definition(attribute, view, true, &subs),
            )
        })
        .collect();
    let required = attributes
        .iter()
        .filter(|attribute| attribute.required && view.shows(extension, attribute));
    object(
        properties,
        required.map(|attribute| attribute.name.as_str()),
    )
}

fn object<'a>(
    properties: Map<String, Value>,
    required: impl Iterator<Item = &'a str>,
) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert(String::from("type"), json!("object"));
    object.insert(String::from("properties"), Value::Object(properties));
    let required: Vec<&str> = required.collect();
    if !required.is_empty() {
        object.insert(String::from("required"), json!(required));
    }
    object
}

/// All values of an attribute.
fn definition(
    attribute: &Attribute,
    view: &View,
    is_top: bool,
    shows: &dyn Fn(&Attribute) -> bool,
) -> Value {
    let mut definition = if attribute.unclear {
        json!({})
    } else if attribute.multi_valued {
        json!({"type": ["array", "null"], "items": value(attribute, view, shows)})
    } else {
        value(attribute, view, shows)
    };
    if !view.may_show(attribute, is_top) {
        definition["const"] = Value::Null;
    }
    if attribute.mutability == Mutability::ReadOnly {
        definition["readOnly"] = json!(true);
    }
    definition
}

/// One value of an attribute.
fn value(attribute: &Attribute, view: &View, shows: &dyn Fn(&Attribute) -> bool) -> Value {
    let mut value = match attribute.data_type {
        DataType::String => json!({"type": ["string", "null"]}),
        DataType::Boolean => json!({"type": ["boolean", "null"]}),
        DataType::Decimal => json!({"type": ["number", "null"]}),
        DataType::Integer => json!({"type": ["integer", "null"]}),
        DataType::DateTime => json!({"type": ["string", "null"], "format": "date-time"}),
        DataType::Binary => json!({"type": ["string", "null"], "contentEncoding": "base64"}),
        DataType::Reference => json!({"type": ["string", "null"], "format": "uri-reference"}),
        DataType::Complex => {
            let none = |_: &Attribute| false;
            let properties = attribute
                .sub_attributes
                .iter()
                .map(|sub| (sub.name.clone(), definition(sub, view, false, &none)))
                .collect();
            let required = attribute
                .sub_attributes
                .iter()
                .filter(|sub| sub.required && shows(sub));
            let mut object = object(properties, required.map(|sub| sub.name.as_str()));
            object.insert(String::from("type"), json!(["object", "null"]));
            Value::Object(object)
        }
    };
    if !attribute.canonical_values.is_empty() && attribute.data_type == DataType::String {
        value["examples"] = json!(attribute.canonical_values);
    }
    value
}

fn take_array(object: &mut Map<String, Value>, name: &str) -> Vec<Value> {
    match object.shift_remove(name) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn take_object(object: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match object.shift_remove(name) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::urn;

    fn user(view: &View) -> Value {
        resource("User", &SchemaSet::rfc_user(), view, Openness::Open)
    }

    #[test]
    fn each_type_has_its_form() {
        let user = user(&View::whole());
        let at = |pointer: &str| user.pointer(pointer).cloned().unwrap_or_default();
        for (pointer, expected) in [
            ("/properties/userName", json!({"type": ["string", "null"]})),
            ("/properties/active", json!({"type": ["boolean", "null"]})),
            ("/properties/emails/type", json!(["array", "null"])),
            (
                "/properties/emails/items/properties/primary/type",
                json!(["boolean", "null"]),
            ),
            ("/properties/profileUrl/format", json!("uri-reference")),
            (
                "/properties/x509Certificates/items/properties/value/contentEncoding",
                json!("base64"),
            ),
            (
                "/properties/meta/properties/created/format",
                json!("date-time"),
            ),
            ("/properties/password/const", Value::Null),
            ("/required", json!(["schemas", "id", "userName"])),
        ] {
            assert_eq!(at(pointer), expected, "{pointer}");
        }
        let examples = at("/properties/emails/items/properties/type/examples");
        assert!(examples.as_array().unwrap().contains(&json!("work")));
        let container = &user["properties"][urn::ENTERPRISE_USER];
        assert_eq!(
            container["properties"]["manager"]["type"],
            json!(["object", "null"])
        );
    }

    #[test]
    fn a_projection_takes_requirements_away() {
        let known: Vec<String> = SchemaSet::rfc_user().urns().map(String::from).collect();
        let required = |attributes: Option<&[&str]>, excluded: Option<&[&str]>| {
            user(&View::projected(attributes, excluded, &known))["required"].clone()
        };
        assert_eq!(required(Some(&["title"]), None), json!(["id"]));
        assert_eq!(
            required(Some(&["userName"]), None),
            json!(["id", "userName"])
        );
        assert_eq!(
            required(None, Some(&["userName"])),
            json!(["schemas", "id"])
        );
    }

    #[test]
    fn a_required_extension_is_listed_and_there_if_it_demands_something() {
        let mut set = SchemaSet::rfc_user();
        set.extensions[0].1 = true;
        let whole = |set: &SchemaSet| resource("User", set, &View::whole(), Openness::Closed);
        let made = whole(&set);
        let listed = &made["properties"]["schemas"]["allOf"][1];
        assert_eq!(listed["contains"]["const"], json!(urn::ENTERPRISE_USER));
        assert!(
            !made["required"]
                .as_array()
                .unwrap()
                .contains(&json!(urn::ENTERPRISE_USER))
        );
        set.extensions[0].0.attributes[0].required = true;
        let made = whole(&set);
        assert!(
            made["required"]
                .as_array()
                .unwrap()
                .contains(&json!(urn::ENTERPRISE_USER))
        );
        assert_eq!(made["additionalProperties"], json!(false));
    }

    #[test]
    fn an_unclear_attribute_takes_anything() {
        let mut set = SchemaSet::rfc_group();
        set.core.attributes[0].unclear = true;
        let name = set.core.attributes[0].name.clone();
        let made = resource("Group", &set, &View::whole(), Openness::Open);
        assert_eq!(made["properties"][&name], json!({}));
    }
}
