//! Extensions of users that whoever starts the provider brings along.
//!
//! Reads a schema document and refuses one that could not be served.

use serde_json::{Map, Value, json};

use crate::scim::json;
use crate::scim::schema::Schema;
use crate::scim::urn;

/// Why a document is no extension of users. Fragments that follow "cannot use the extension: ".
#[derive(Debug, thiserror::Error)]
pub enum BadExtension {
    /// Not JSON.
    #[error("it is no JSON: {0}")]
    Json(String),
    /// Not an object.
    #[error("it is no JSON object")]
    Shape,
    /// An `id` that can't name an extension.
    #[error("its id '{0}' is no URN of an extension (urn:…:extension:NAME:2.0:User)")]
    Id(String),
    /// A schema that there is already.
    #[error("the provider has the schema '{0}' already")]
    Taken(String),
    /// A part that can't be understood.
    #[error("{0}: {1}")]
    Defect(String, String),
    /// Nothing in it.
    #[error("it defines no attributes")]
    Empty,
}

/// Characteristics that may be left out, with what RFC 7643 §2.2 makes of that.
const DEFAULTS: [(&str, &str); 3] = [
    ("mutability", "readWrite"),
    ("returned", "default"),
    ("uniqueness", "none"),
];

/// Reads a schema document (RFC 7643 §7) to serve as an extension of users, for
/// [`Settings::extensions`](super::Settings::extensions). What the document leaves out is filled in.
///
/// # Errors
/// Where it is no such document, or takes the name of another schema.
pub fn read_extension(text: &[u8]) -> Result<Value, BadExtension> {
    let (document, defects) = json::read(text);
    if let Some(defect) = defects.first() {
        let why = format!("{} at {}", defect.detail, defect.at);
        return Err(BadExtension::Json(why));
    }
    let Some(Value::Object(mut document)) = document else {
        return Err(BadExtension::Shape);
    };
    let id = document.get("id").and_then(Value::as_str).unwrap_or("");
    let id = id.to_owned();
    if !id.starts_with("urn:") || id.split(':').count() < 3 || id.contains(char::is_whitespace) {
        return Err(BadExtension::Id(id));
    }
    let lower = id.to_ascii_lowercase();
    if lower.starts_with("urn:ietf:params:scim:schemas:core:")
        || lower.starts_with("urn:ietf:params:scim:api:")
        || lower == urn::ENTERPRISE_USER.to_ascii_lowercase()
    {
        return Err(BadExtension::Taken(id));
    }
    document.remove("meta");
    document.insert(String::from("schemas"), json!([urn::SCHEMA]));
    for name in ["name", "description"] {
        if !document.get(name).is_some_and(Value::is_string) {
            document.insert(name.to_owned(), Value::from(label(&id)));
        }
    }
    for attribute in members(&mut document, "attributes") {
        complete(attribute);
    }
    let document = Value::Object(document);
    let (schema, defects) = Schema::read(&document);
    if let Some(defect) = defects.into_iter().next() {
        return Err(BadExtension::Defect(defect.at, defect.message));
    }
    match schema {
        Some(schema) if !schema.attributes.is_empty() => Ok(document),
        _ => Err(BadExtension::Empty),
    }
}

/// The last part of a URN that is neither a version nor a resource type.
fn label(id: &str) -> &str {
    let parts: Vec<&str> = id.split(':').collect();
    let named = parts.iter().rev().find(|part| {
        !part.eq_ignore_ascii_case("user") && !part.starts_with(|c: char| c.is_ascii_digit())
    });
    named.copied().unwrap_or(id)
}

fn members<'d>(
    document: &'d mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'d mut Map<String, Value>> {
    let items = document.get_mut(name).and_then(Value::as_array_mut);
    items.into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Fills in what an attribute's definition leaves out.
fn complete(attribute: &mut Map<String, Value>) {
    for (name, value) in DEFAULTS {
        if !attribute.contains_key(name) {
            attribute.insert(name.to_owned(), Value::from(value));
        }
    }
    for name in ["multiValued", "required", "caseExact"] {
        if !attribute.contains_key(name) {
            attribute.insert(name.to_owned(), Value::from(false));
        }
    }
    if !attribute.contains_key("description") {
        let name = attribute.get("name").cloned().unwrap_or_default();
        attribute.insert(String::from("description"), name);
    }
    for sub in members(attribute, "subAttributes") {
        complete(sub);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(document: &str, part: &str) {
        let error = read_extension(document.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(part), "{document}: {error}");
    }

    #[test]
    fn a_document_that_could_not_be_served_is_refused() {
        refused("{", "no JSON");
        refused("[]", "no JSON object");
        refused("{}", "no URN");
        refused(r#"{"id": "Custom"}"#, "no URN");
        refused(
            r#"{"id": "urn:ietf:params:scim:schemas:core:2.0:User"}"#,
            "already",
        );
        let id = "urn:ietf:params:scim:schemas:extension:Custom:2.0:User";
        refused(&format!(r#"{{"id": "{id}"}}"#), "");
        refused(
            &format!(r#"{{"id": "{id}", "attributes": []}}"#),
            "no attributes",
        );
        refused(
            &format!(r#"{{"id": "{id}", "attributes": [{{"name": "tag", "type": "text"}}]}}"#),
            "/attributes/0",
        );
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        let text = r#"{"id": "urn:x:extension:Custom:2.0:User", "meta": {}, "attributes": [{"name": "tag", "type": "string"}]}"#;
        let document = read_extension(text.as_bytes()).unwrap();
        assert_eq!(document["name"], "Custom");
        assert_eq!(document["meta"], Value::Null);
        assert_eq!(document["attributes"][0]["mutability"], "readWrite");
        assert_eq!(document["attributes"][0]["multiValued"], false);
    }
}
