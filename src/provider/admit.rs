//! From what a client sent to what is stored: names spelled as in the schema, types checked,
//! unknown and readOnly attributes left out (RFC 7643 §2, RFC 7644 §3.3).
//!
//! Knows nothing of what is stored already.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use super::model::{TypeModel, find};
use super::problem::Problem;
use super::store::Kind;
use crate::scim::datetime;
use crate::scim::schema::{Attribute, DataType, Mutability};
use crate::scim::urn;

/// Standard alphabet, padding as the client likes (RFC 7643 §2.3.6).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How values are read.
#[derive(Clone, Copy)]
pub(super) struct Admission<'m> {
    /// The resource type.
    pub(super) model: &'m TypeModel,
    /// Which strings are taken for booleans.
    pub(super) texts: Texts,
}

/// Strings that stand for a boolean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texts {
    /// None.
    None,
    /// `"True"` and `"False"`, as Entra ID spells them; `"true"` is a string.
    Capital,
    /// Both words in any letter case.
    Any,
}

impl Texts {
    /// The boolean that a string stands for.
    fn read(self, text: &str) -> Option<bool> {
        match (self, text) {
            (Self::Capital, "True") => Some(true),
            (Self::Capital, "False") => Some(false),
            (Self::Any, _) if text.eq_ignore_ascii_case("true") => Some(true),
            (Self::Any, _) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }
}

impl Admission<'_> {
    /// The attributes of a create or replace body.
    ///
    /// # Errors
    /// 400 where `schemas` does not fit or a value has the wrong type.
    pub(super) fn resource(self, body: &Map<String, Value>) -> Result<Map<String, Value>, Problem> {
        self.check_schemas(body)?;
        let mut attributes = Map::new();
        for (name, value) in body {
            if let Some(schema) = self.model.extension(name) {
                if let Some(extension) = self.object(&schema.attributes, value, &schema.id)? {
                    attributes.insert(schema.id.clone(), Value::Object(extension));
                }
            } else if let Some(attribute) = self.model.attribute(name)
                && attribute.mutability != Mutability::ReadOnly
                && attribute.name != "schemas"
                && let Some(value) = self.value(attribute, value)?
            {
                attributes.insert(attribute.name.clone(), value);
            }
        }
        tidy(&mut attributes);
        Ok(attributes)
    }

    /// A value of an attribute; `None` where it is unassigned.
    ///
    /// # Errors
    /// 400 `invalidValue` where the type does not fit.
    pub(super) fn value(
        self,
        attribute: &Attribute,
        value: &Value,
    ) -> Result<Option<Value>, Problem> {
        if value.is_null() {
            return Ok(None);
        }
        if !attribute.multi_valued {
            return self.single(attribute, value);
        }
        let Some(given) = value.as_array() else {
            return Err(wrong(attribute, "an array"));
        };
        let mut values: Vec<Value> = Vec::with_capacity(given.len());
        for value in given {
            if value.is_null() {
                return Err(wrong(attribute, "an array without null"));
            }
            if let Some(value) = self.single(attribute, value)? {
                values.push(value);
            }
        }
        one_primary(attribute, &values)?;
        drop_repeated(attribute, &mut values);
        Ok((!values.is_empty()).then_some(Value::Array(values)))
    }

    /// One value of an attribute, whether or not it holds several.
    ///
    /// # Errors
    /// 400 `invalidValue` where the type does not fit.
    pub(super) fn single(
        self,
        attribute: &Attribute,
        value: &Value,
    ) -> Result<Option<Value>, Problem> {
        let fits = match attribute.data_type {
            DataType::Complex => {
                let object = self.object(&attribute.sub_attributes, value, &attribute.name)?;
                return self.complex(attribute, object);
            }
            DataType::Boolean => return self.boolean(attribute, value).map(Some),
            DataType::String => value.is_string(),
            DataType::Integer => value.is_i64() || value.is_u64(),
            DataType::Decimal => value.is_number(),
            DataType::DateTime => value
                .as_str()
                .is_some_and(|text| datetime::parse(text).is_some()),
            DataType::Binary => value
                .as_str()
                .is_some_and(|text| BASE64.decode(text).is_ok()),
            DataType::Reference => value.as_str().is_some_and(is_reference),
        };
        if fits {
            Ok(Some(value.clone()))
        } else {
            Err(wrong(attribute, wanted(attribute.data_type)))
        }
    }

    fn boolean(self, attribute: &Attribute, value: &Value) -> Result<Value, Problem> {
        let truth = match value {
            Value::Bool(truth) => Some(*truth),
            Value::String(text) => self.texts.read(text),
            _ => None,
        };
        truth
            .map(Value::Bool)
            .ok_or_else(|| wrong(attribute, wanted(DataType::Boolean)))
    }

    /// The known members of an object; `None` where nothing is left.
    pub(super) fn object(
        self,
        attributes: &[Attribute],
        value: &Value,
        name: &str,
    ) -> Result<Option<Map<String, Value>>, Problem> {
        if value.is_null() {
            return Ok(None);
        }
        let Some(given) = value.as_object() else {
            return Err(Problem::value(format!("'{name}' has to be an object")));
        };
        let mut object = Map::new();
        for (member, value) in given {
            if let Some(attribute) = find(attributes, member)
                && attribute.mutability != Mutability::ReadOnly
                && let Some(value) = self.value(attribute, value)?
            {
                object.insert(attribute.name.clone(), value);
            }
        }
        Ok((!object.is_empty()).then_some(object))
    }

    /// What is special about single attributes of the RFC's schemas.
    fn complex(
        self,
        attribute: &Attribute,
        object: Option<Map<String, Value>>,
    ) -> Result<Option<Value>, Problem> {
        let members = self.model.kind == Kind::Group && attribute.name == "members";
        let Some(mut object) = object else {
            return if members {
                Err(Problem::value("a member needs a 'value'"))
            } else {
                Ok(None)
            };
        };
        if members {
            // Everything else of a member follows from its id.
            object.retain(|name, _| name == "value");
            if object.is_empty() {
                return Err(Problem::value("a member needs a 'value'"));
            }
        }
        if attribute.name == "emails"
            && let Some(Value::String(address)) = object.get_mut("value")
        {
            lower_domain(address);
        }
        Ok(Some(Value::Object(object)))
    }

    /// Refuses a body that doesn't list the core schema. An extension need not be listed: what stands
    /// under its URN says enough, and Entra ID lists none that an administrator added.
    fn check_schemas(self, body: &Map<String, Value>) -> Result<(), Problem> {
        let schemas = body
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("schemas"))
            .map(|(_, value)| value);
        let Some(Value::Array(schemas)) = schemas else {
            return Err(Problem::value("'schemas' has to be an array of URNs"));
        };
        let listed: Vec<&str> = schemas.iter().filter_map(Value::as_str).collect();
        if listed.len() < schemas.len() {
            return Err(Problem::value("'schemas' has to hold strings only"));
        }
        if !listed.iter().any(|urn| urn::same(urn, &self.model.core.id)) {
            return Err(Problem::value(format!(
                "'schemas' does not list '{}'",
                self.model.core.id
            )));
        }
        Ok(())
    }
}

/// Whether a value stands for no value (RFC 7643 §2.5).
pub(super) fn is_unassigned(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// What holds for stored attributes after every change: nothing empty is kept, and a manager's
/// `$ref` follows from its id.
pub(super) fn tidy(attributes: &mut Map<String, Value>) {
    attributes.retain(|_, value| {
        if let Value::Object(members) = value {
            if let Some(Value::Object(manager)) = members.get_mut("manager")
                && manager.contains_key("value")
            {
                manager.shift_remove("$ref");
            }
            members.retain(|_, value| !is_unassigned(value));
        }
        if let Value::Array(values) = value {
            values.retain(|value| !is_unassigned(value));
        }
        !is_unassigned(value)
    });
}

/// Refuses resources without what their schema requires.
///
/// # Errors
/// 400 `invalidValue`.
pub(super) fn check_required(
    model: &TypeModel,
    attributes: &Map<String, Value>,
) -> Result<(), Problem> {
    for attribute in model.core.attributes.iter().filter(|it| it.required) {
        if !attributes.contains_key(&attribute.name) {
            return Err(Problem::value(format!("'{}' is required", attribute.name)));
        }
    }
    if let Some(Value::String(name)) = attributes.get("userName") {
        if name.trim().is_empty() {
            return Err(Problem::value("'userName' must not be empty"));
        }
        if name.chars().any(char::is_control) {
            return Err(Problem::value("'userName' holds a control character"));
        }
    }
    Ok(())
}

/// Refuses more than one primary value (RFC 7643 §2.4).
///
/// # Errors
/// 400 `invalidValue`.
pub(super) fn one_primary(attribute: &Attribute, values: &[Value]) -> Result<(), Problem> {
    if values.iter().filter(|value| is_primary(value)).count() > 1 {
        return Err(Problem::value(format!(
            "more than one value of '{}' is primary",
            attribute.name
        )));
    }
    Ok(())
}

/// Whether a value is the primary one.
pub(super) fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

/// Whether two values of a multi-valued attribute are one: members by their id, others by all
/// sub-attributes, an absent `primary` being false and letter case counting where `caseExact` says so.
pub(super) fn same_value(attribute: &Attribute, a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else {
        return same_simple(attribute, a, b);
    };
    if attribute.name == "members" {
        return a.get("value") == b.get("value");
    }
    let said = |name: &str, value: &Value| !(name == "primary" && *value == Value::Bool(false));
    let covers = |a: &Map<String, Value>, b: &Map<String, Value>| {
        a.iter()
            .filter(|(name, value)| said(name, value))
            .all(|(name, value)| {
                let sub = find(&attribute.sub_attributes, name).unwrap_or(attribute);
                b.get(name)
                    .is_some_and(|other| same_simple(sub, value, other))
            })
    };
    covers(a, b) && covers(b, a)
}

fn same_simple(attribute: &Attribute, a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) if attribute.data_type == DataType::String && !attribute.case_exact => {
            a.to_lowercase() == b.to_lowercase()
        }
        _ => a == b,
    }
}

fn drop_repeated(attribute: &Attribute, values: &mut Vec<Value>) {
    if attribute.name == "members" {
        let mut seen = std::collections::HashSet::new();
        values.retain(|value| seen.insert(value.get("value").cloned()));
        return;
    }
    let mut kept: Vec<Value> = Vec::with_capacity(values.len());
    for value in values.drain(..) {
        if !kept
            .iter()
            .any(|other| same_value(attribute, other, &value))
        {
            kept.push(value);
        }
    }
    *values = kept;
}

fn lower_domain(address: &mut String) {
    if let Some((mailbox, domain)) = address.rsplit_once('@') {
        *address = format!("{mailbox}@{}", domain.to_ascii_lowercase());
    }
}

fn is_reference(text: &str) -> bool {
    let base = url::Url::parse("http://service.invalid/v2/").ok();
    !text.is_empty()
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && url::Url::options()
            .base_url(base.as_ref())
            .parse(text)
            .is_ok()
}

fn wanted(data_type: DataType) -> &'static str {
    match data_type {
        DataType::String => "a string",
        DataType::Boolean => "true or false",
        DataType::Decimal => "a number",
        DataType::Integer => "an integer",
        DataType::DateTime => "a date with time",
        DataType::Binary => "base64 text",
        DataType::Reference => "a URI",
        DataType::Complex => "an object",
    }
}

fn wrong(attribute: &Attribute, wanted: &str) -> Problem {
    Problem::value(format!("'{}' has to be {wanted}", attribute.name))
}
