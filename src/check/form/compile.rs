//! Compiles JSON Schemas with SCIM's reading of types and formats: 1.0 is no integer, a dateTime is an
//! xsd:dateTime, a reference may be relative or empty, base64 of either alphabet is base64.

use std::sync::LazyLock;

use jsonschema::{Draft, Keyword, ValidationError, Validator};
use serde_json::{Map, Value};

use super::Form;
use crate::check::typing::{is_base64, is_uri};
use crate::scim::datetime;
use crate::scim::to_json_schema::Message;

static MESSAGES: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let form = |message: &Message| {
        let document = message.document().clone();
        let validator = validator(&document);
        let validator = validator.expect("the embedded schemas compile: a test does so");
        Form {
            document,
            validator,
        }
    };
    Message::ALL.iter().map(form).collect()
});

/// The form of a message.
pub(super) fn message(message: Message) -> &'static Form {
    &MESSAGES[message as usize]
}

/// A validator of a schema.
///
/// # Errors
/// Why it is none, in words of the library.
pub(super) fn validator(document: &Value) -> Result<Validator, String> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("date-time", |text: &str| datetime::parse(text).is_some())
        .with_format("uri-reference", |text: &str| {
            text.is_empty() || is_uri(text)
        })
        .with_keyword("type", |_: &Map<String, Value>, value: &Value, _| {
            let names = match value {
                Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                name => name.as_str().into_iter().collect::<Vec<&str>>(),
            };
            let types = Types(names.into_iter().map(String::from).collect());
            Ok(Box::new(types) as Box<dyn for<'i> Keyword<'i>>)
        })
        .with_keyword("contentEncoding", |_: &Map<String, Value>, _: &Value, _| {
            Ok(Box::new(Base64) as Box<dyn for<'i> Keyword<'i>>)
        })
        .build(document)
        .map_err(|error| error.to_string())
}

/// `type`, with integers that are written as such.
struct Types(Vec<String>);

impl Types {
    fn words(&self) -> String {
        let words = |name: &String| match name.as_str() {
            "string" => "a string",
            "boolean" => "true or false",
            "number" => "a number",
            "integer" => "a number without fraction or exponent",
            "array" => "an array",
            "object" => "an object",
            _ => "null",
        };
        let names = self.0.iter().filter(|name| *name != "null");
        names.map(words).collect::<Vec<_>>().join(" or ")
    }
}

impl<'i> Keyword<'i> for Types {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if Keyword::is_valid(self, instance) {
            return Ok(());
        }
        Err(ValidationError::custom(self.words()))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.0.iter().any(|name| match (name.as_str(), instance) {
            ("string", Value::String(_))
            | ("boolean", Value::Bool(_))
            | ("number", Value::Number(_))
            | ("array", Value::Array(_))
            | ("object", Value::Object(_))
            | ("null", Value::Null) => true,
            ("integer", Value::Number(number)) => number.is_i64() || number.is_u64(),
            _ => false,
        })
    }
}

/// `contentEncoding`, of which SCIM knows one.
struct Base64;

impl<'i> Keyword<'i> for Base64 {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if Keyword::is_valid(self, instance) {
            return Ok(());
        }
        Err(ValidationError::custom("base64 text"))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance.as_str().is_none_or(is_base64)
    }
}
