//! Whether values have the types that a schema gives them (RFC 7643 §2.3).

use std::sync::LazyLock;

use serde_json::Value;

use super::Deviation;
use super::equality::unassigned;
use super::place::{brief, escape};
use crate::scim::capabilities::Capabilities;
use crate::scim::datetime;
use crate::scim::resource::member;
use crate::scim::schema::{Attribute, DataType, SchemaSet, common};
use crate::scim::urn;

/// What rule of §2.3 or §2.4 a value breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The value does not have its data type.
    Type(DataType),
    /// A dateTime names no zone (ambiguous).
    Zone,
    /// One value where several belong in an array.
    Plurality,
}

/// A value that does not have the type of its attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistyped {
    /// The rule.
    pub rule: Rule,
    /// Where, what was expected and what stands there.
    pub deviation: Deviation,
}

/// What the types of a resource's values gave.
#[derive(Clone, Debug, Default)]
pub struct Typing {
    /// Values that do not have the type of their attribute.
    pub mistyped: Vec<Mistyped>,
    /// Rules that some value put to the test, each once.
    pub used: Vec<Rule>,
}

impl Typing {
    fn uses(&mut self, rule: Rule) {
        if !self.used.contains(&rule) {
            self.used.push(rule);
        }
    }
}

/// Examines all values of a resource by the types that the target's own schemas give them.
///
/// Attributes that no schema defines are passed over; `at` is the pointer of the resource.
pub fn examine(resource: &Value, at: &str, capabilities: &Capabilities) -> Typing {
    let mut found = Typing::default();
    let Some(members) = resource.as_object() else {
        return found;
    };
    for (name, value) in members {
        let place = format!("{at}/{}", escape(name));
        if urn::is_urn(name) {
            if let Some(schema) = capabilities.schema(name) {
                complex(value, &place, &schema.attributes, &mut found);
            }
        } else if let Some(attribute) = core_attribute(resource, name, capabilities) {
            attribute_value(value, &place, attribute, &mut found);
        }
    }
    found
}

/// The definition of an attribute at the top of a resource: a common one, or one of the core
/// schemas of the target that the resource names in `schemas`.
pub fn core_attribute<'a>(
    resource: &Value,
    name: &str,
    capabilities: &'a Capabilities,
) -> Option<&'a Attribute> {
    let own = || {
        named_schemas(resource)
            .filter_map(|id| capabilities.schema(id))
            .filter(|schema| !is_extension(&schema.id, capabilities))
            .find_map(|schema| schema.attribute(name))
    };
    common()
        .iter()
        .find(|attribute| attribute.is_named(name))
        .or_else(own)
}

/// The URNs in the `schemas` of a resource. A target may have many schemas, a resource names few.
pub fn named_schemas(resource: &Value) -> impl Iterator<Item = &str> {
    let listed = member(resource, "schemas").and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_str)
}

/// Whether a URN names an extension of some resource type of the target.
pub fn is_extension(id: &str, capabilities: &Capabilities) -> bool {
    capabilities
        .resource_types
        .iter()
        .flat_map(|resource_type| &resource_type.extensions)
        .any(|(extension, _)| urn::same(extension, id))
}

/// The schemas of the resource type whose core schema a resource names, if the target has it.
pub fn schema_set(resource: &Value, capabilities: &Capabilities) -> Option<SchemaSet> {
    let resource_type = capabilities
        .resource_types
        .iter()
        .find(|it| urn::listed(resource, &it.schema))?;
    capabilities.schema_set(&resource_type.name)
}

fn named<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.is_named(name))
}

fn attribute_value(value: &Value, at: &str, attribute: &Attribute, found: &mut Typing) {
    if attribute.unclear || unassigned(Some(value)) {
        return;
    }
    found.uses(Rule::Plurality);
    match (attribute.multi_valued, value) {
        (true, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                single(item, &format!("{at}/{index}"), attribute, found);
            }
        }
        (true, other) => found
            .mistyped
            .push(mistake(Rule::Plurality, at, "an array", other)),
        (false, Value::Array(_)) => {
            found.mistyped.push(mistake(
                Rule::Type(attribute.data_type),
                at,
                "a single value",
                value,
            ));
        }
        (false, single_value) => single(single_value, at, attribute, found),
    }
}

fn single(value: &Value, at: &str, attribute: &Attribute, found: &mut Typing) {
    if value.is_null() {
        return;
    }
    let data_type = attribute.data_type;
    found.uses(Rule::Type(data_type));
    if data_type == DataType::Complex {
        complex(value, at, &attribute.sub_attributes, found);
        return;
    }
    if !has_type(value, data_type) {
        found.mistyped.push(mistake(
            Rule::Type(data_type),
            at,
            type_name(data_type),
            value,
        ));
    } else if data_type == DataType::DateTime
        && value.as_str().is_some_and(|text| !datetime::has_zone(text))
    {
        found
            .mistyped
            .push(mistake(Rule::Zone, at, "a dateTime with its zone", value));
    }
}

fn complex(value: &Value, at: &str, attributes: &[Attribute], found: &mut Typing) {
    let Some(members) = value.as_object() else {
        if !value.is_null() {
            found.mistyped.push(mistake(
                Rule::Type(DataType::Complex),
                at,
                type_name(DataType::Complex),
                value,
            ));
        }
        return;
    };
    for (name, value) in members {
        if let Some(attribute) = named(attributes, name) {
            attribute_value(value, &format!("{at}/{}", escape(name)), attribute, found);
        }
    }
}

fn mistake(rule: Rule, at: &str, expected: &str, value: &Value) -> Mistyped {
    Mistyped {
        rule,
        deviation: Deviation {
            at: at.to_owned(),
            expected: expected.to_owned(),
            actual: brief(value),
            hint: None,
        },
    }
}

fn type_name(data_type: DataType) -> &'static str {
    match data_type {
        DataType::String => "a string",
        DataType::Boolean => "true or false",
        DataType::Decimal => "a number",
        DataType::Integer => "a number without fraction or exponent",
        DataType::DateTime => "a dateTime with date and time",
        DataType::Binary => "base64 text",
        DataType::Reference => "a URI",
        DataType::Complex => "an object",
    }
}

fn has_type(value: &Value, data_type: DataType) -> bool {
    match (data_type, value) {
        (DataType::String, Value::String(_))
        | (DataType::Boolean, Value::Bool(_))
        | (DataType::Decimal, Value::Number(_)) => true,
        (DataType::Integer, Value::Number(number)) => number.is_i64() || number.is_u64(),
        (DataType::DateTime, Value::String(text)) => datetime::parse(text).is_some(),
        (DataType::Binary, Value::String(text)) => is_base64(text),
        // The empty text is a relative reference too (RFC 3986 §4.2).
        (DataType::Reference, Value::String(text)) => text.is_empty() || is_uri(text),
        _ => false,
    }
}

/// What a relative URI is read against.
static BASE: LazyLock<Option<url::Url>> =
    LazyLock::new(|| url::Url::parse("http://base.example/v2/").ok());

/// Whether text is an absolute or relative URI.
pub fn is_uri(text: &str) -> bool {
    let clean = !text.is_empty()
        && !text
            .contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c));
    clean && BASE.as_ref().is_some_and(|base| base.join(text).is_ok())
}

/// Whether text is base64 of either alphabet, padded or not.
pub fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let standard = digits
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
    let url_safe = digits
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (standard || url_safe)
        && padding <= 2
        && digits.len() % 4 != 1
        && (padding == 0 || text.len().is_multiple_of(4))
}

/// The values of a resource that a predicate on the definition of their attribute selects, with
/// their places; sub-attributes included.
pub fn values_where<'a>(
    resource: &'a Value,
    at: &str,
    capabilities: &Capabilities,
    wanted: fn(&Attribute) -> bool,
) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    let Some(members) = resource.as_object() else {
        return found;
    };
    for (name, value) in members {
        let place = format!("{at}/{}", escape(name));
        if urn::is_urn(name) {
            if let Some(schema) = capabilities.schema(name) {
                select(value, &place, &schema.attributes, wanted, &mut found);
            }
        } else if let Some(attribute) = core_attribute(resource, name, capabilities) {
            if wanted(attribute) {
                found.push((place, value));
            } else {
                select(value, &place, &attribute.sub_attributes, wanted, &mut found);
            }
        }
    }
    found
}

fn select<'a>(
    value: &'a Value,
    at: &str,
    attributes: &[Attribute],
    wanted: fn(&Attribute) -> bool,
    found: &mut Vec<(String, &'a Value)>,
) {
    if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            select(item, &format!("{at}/{index}"), attributes, wanted, found);
        }
        return;
    }
    for attribute in attributes {
        let Some(inner) = member(value, &attribute.name) else {
            continue;
        };
        let place = format!("{at}/{}", escape(&attribute.name));
        if wanted(attribute) {
            found.push((place, inner));
        } else {
            select(inner, &place, &attribute.sub_attributes, wanted, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::sample;

    #[track_caller]
    fn check(change: &Value, expected: &[(&str, Rule)]) {
        let mut resource = sample::user();
        for (name, value) in change.as_object().unwrap() {
            resource[name] = value.clone();
        }
        let found: Vec<(String, Rule)> = examine(&resource, "", &sample::capabilities())
            .mistyped
            .into_iter()
            .map(|mistyped| (mistyped.deviation.at, mistyped.rule))
            .collect();
        let expected: Vec<(String, Rule)> = expected
            .iter()
            .map(|(at, rule)| ((*at).to_owned(), *rule))
            .collect();
        assert_eq!(found, expected, "{change}");
    }

    #[test]
    fn each_wrong_type_is_found_at_its_place() {
        check(&json!({}), &[]);
        check(&json!({"emails": null, "active": null, "unknown": 7}), &[]);
        check(
            &json!({"active": "true"}),
            &[("/active", Rule::Type(DataType::Boolean))],
        );
        check(
            &json!({"userName": 7}),
            &[("/userName", Rule::Type(DataType::String))],
        );
        check(
            &json!({"emails": {"value": "x"}}),
            &[("/emails", Rule::Plurality)],
        );
        check(&json!({"name": []}), &[]);
        check(
            &json!({"name": ["x"], "userName": ["x"]}),
            &[
                ("/userName", Rule::Type(DataType::String)),
                ("/name", Rule::Type(DataType::Complex)),
            ],
        );
        check(
            &json!({"name": "x"}),
            &[("/name", Rule::Type(DataType::Complex))],
        );
        check(
            &json!({"emails": [{"value": "a", "primary": 1}]}),
            &[("/emails/0/primary", Rule::Type(DataType::Boolean))],
        );
        check(
            &json!({"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": 1}}),
            &[(
                "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department",
                Rule::Type(DataType::String),
            )],
        );
        check(
            &json!({"photos": [{"value": "not a uri"}]}),
            &[("/photos/0/value", Rule::Type(DataType::Reference))],
        );
        check(
            &json!({"since": "2026-01-01T00:00:00"}),
            &[("/since", Rule::Zone)],
        );
        check(
            &json!({"since": "2026-02-30T00:00:00Z"}),
            &[("/since", Rule::Type(DataType::DateTime))],
        );
        check(
            &json!({"age": 1.5}),
            &[("/age", Rule::Type(DataType::Integer))],
        );
        check(
            &json!({"keys": ["a b"]}),
            &[("/keys/0", Rule::Type(DataType::Binary))],
        );
    }

    #[test]
    fn base64_of_both_alphabets_is_known() {
        for (text, expected) in [
            ("", true),
            ("YWI=", true),
            ("YWI", true),
            ("YW-_", true),
            ("YW+_", false),
            ("YWJjZ", false),
            ("YW=I", false),
            ("YWI==", false),
        ] {
            assert_eq!(is_base64(text), expected, "{text}");
        }
    }
}
