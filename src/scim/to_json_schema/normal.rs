//! Documents in the form that JSON Schemas speak of: names and URNs spelled as the schema does (SCIM compares
//! them without case), and nothing that has no value.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::scim::resource::select;

/// The document with names as the schema spells them, without members that `is_unassigned`. Array elements stay
/// where they are, so that indices mean the same. Of two spellings of one name the last wins.
pub fn normal<'d>(
    document: &'d Value,
    schema: &Value,
    is_unassigned: fn(&Value) -> bool,
) -> Cow<'d, Value> {
    let walk = Walk {
        root: schema,
        is_unassigned,
    };
    if walk.is_normal(document, schema) {
        Cow::Borrowed(document)
    } else {
        Cow::Owned(walk.value(document, schema))
    }
}

/// A pointer into the normal form as the document itself spells it.
pub fn spelled(document: &Value, pointer: &str) -> String {
    let mut found = select(document, pointer).into_iter();
    if let Some((at, _)) = found.next() {
        return at;
    }
    // The last name stands for what is not there.
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        return pointer.to_owned();
    };
    let parent = select(document, parent).into_iter().next();
    parent.map_or_else(|| pointer.to_owned(), |(at, _)| format!("{at}/{name}"))
}

struct Walk<'a> {
    root: &'a Value,
    is_unassigned: fn(&Value) -> bool,
}

impl<'a> Walk<'a> {
    fn value(&self, value: &Value, schema: &'a Value) -> Value {
        let schema = self.resolve(schema);
        match value {
            Value::Object(members) => {
                let properties = schema.get("properties").and_then(Value::as_object);
                let assigned = members
                    .iter()
                    .filter(|(_, value)| !(self.is_unassigned)(value));
                let members: Map<String, Value> = assigned
                    .map(
                        |(name, value)| match properties.and_then(|it| property(it, name)) {
                            Some((name, schema)) => (name.clone(), self.value(value, schema)),
                            None => (name.clone(), value.clone()),
                        },
                    )
                    .collect();
                Value::Object(members)
            }
            Value::Array(items) => match schema.get("items") {
                Some(schema) => items.iter().map(|item| self.value(item, schema)).collect(),
                None => value.clone(),
            },
            Value::String(text) if text.contains(':') => {
                known(text, schema).unwrap_or(value).clone()
            }
            simple => simple.clone(),
        }
    }

    /// Whether there is nothing to change, as in most documents.
    fn is_normal(&self, value: &Value, schema: &'a Value) -> bool {
        let schema = self.resolve(schema);
        match value {
            Value::Object(members) => {
                let properties = schema.get("properties").and_then(Value::as_object);
                members.iter().all(|(name, value)| {
                    let property = properties.and_then(|it| property(it, name));
                    !(self.is_unassigned)(value)
                        && property.is_none_or(|(spelled, schema)| {
                            spelled == name && self.is_normal(value, schema)
                        })
                })
            }
            Value::Array(items) => schema
                .get("items")
                .is_none_or(|schema| items.iter().all(|item| self.is_normal(item, schema))),
            Value::String(text) if text.contains(':') => {
                known(text, schema).is_none_or(|it| it == value)
            }
            _ => true,
        }
    }

    /// The schema itself, or what it refers to in its document.
    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let target = schema.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| target.strip_prefix('#'));
        target
            .and_then(|pointer| self.root.pointer(pointer))
            .unwrap_or(schema)
    }
}

/// A value that the schema knows, and which is this one but for letter case.
fn known<'a>(text: &str, schema: &'a Value) -> Option<&'a Value> {
    let known = schema.get("examples").and_then(Value::as_array)?;
    let alike = |it: &&Value| it.as_str().is_some_and(|it| it.eq_ignore_ascii_case(text));
    known.iter().find(alike)
}

/// The property of a name, compared without case; an exact spelling wins.
fn property<'a>(properties: &'a Map<String, Value>, name: &str) -> Option<(&'a String, &'a Value)> {
    properties.get_key_value(name).or_else(|| {
        properties
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Message, Openness, View, resource};
    use super::*;
    use crate::scim::resource::is_assigned;
    use crate::scim::schema::SchemaSet;
    use crate::scim::urn;

    #[test]
    fn resources_are_spelled_as_their_schema_does() {
        let user = resource(
            "User",
            &SchemaSet::rfc_user(),
            &View::whole(),
            Openness::Open,
        );
        let document = json!({
            "SCHEMAS": [urn::USER.to_uppercase(), "urn:x"],
            "Emails": [null, {"VALUE": "b", "Colour": 1, "display": null}],
            "title": null, "phoneNumbers": [], "name": {"givenName": null},
            urn::ENTERPRISE_USER.to_lowercase(): {"MANAGER": {"$REF": "d"}},
        });
        let expected = json!({
            "schemas": [urn::USER, "urn:x"],
            "emails": [null, {"value": "b", "Colour": 1}],
            urn::ENTERPRISE_USER: {"manager": {"$ref": "d"}},
        });
        let unassigned = |value: &Value| !is_assigned(value);
        assert_eq!(*normal(&document, &user, unassigned), expected);
        assert!(matches!(
            normal(&expected, &user, unassigned),
            Cow::Borrowed(_)
        ));
        assert_eq!(spelled(&document, "/emails/1/value"), "/Emails/1/VALUE");
        assert_eq!(spelled(&document, "/emails/1/type"), "/Emails/1/type");
        assert_eq!(spelled(&document, "/nothing/else"), "/nothing/else");
    }

    #[test]
    fn definitions_are_followed_into_themselves() {
        let document = json!({"Attributes": [{"SubAttributes": [{"NAME": "x"}], "type": null}]});
        let expected = json!({"attributes": [{"subAttributes": [{"name": "x"}]}]});
        let schema = Message::Schema.document();
        assert_eq!(*normal(&document, schema, Value::is_null), expected);
    }
}
