//! What is kept of an answer: where it stands, and which part of it.
//!
//! Reads an exchange; keeps nothing itself.

use regex::Regex;
use serde_json::Value;

use crate::exchange::Exchange;
use crate::scim::resource::pointed;

/// A value to be kept of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Name for templates.
    pub name: String,
    /// Where it stands.
    pub at: Place,
    /// Whether it is a secret that must be known by its label alone.
    pub secret: bool,
    /// The part of the text that is kept; all of it where none is named.
    pub part: Option<Part>,
}

impl Capture {
    /// The value, where the answer has it.
    pub fn find(&self, exchange: &Exchange) -> Option<Value> {
        let whole = self.at.find(exchange)?;
        match &self.part {
            None => Some(whole),
            Some(part) => match whole {
                Value::String(text) => part.of(&text).map(Value::from),
                // The status: `^(2..)$` is kept of a success alone.
                Value::Number(number) => part.of(&number.to_string()).map(Value::from),
                _ => None,
            },
        }
    }
}

/// A part of a text: what the one group of a regular expression matches.
#[derive(Clone, Debug)]
pub struct Part(Regex);

impl Part {
    /// The part that a pattern describes.
    ///
    /// # Errors
    /// A pattern that is none, or has not one group.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let regex =
            Regex::new(pattern).map_err(|_| format!("`{pattern}` is no regular expression"))?;
        if regex.captures_len() == 2 {
            Ok(Self(regex))
        } else {
            Err(format!("`{pattern}` has to have one group"))
        }
    }

    /// The part of a text; none where the pattern does not match.
    pub fn of<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(self.0.captures(text)?.get(1)?.as_str())
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Part {}

/// A place in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// JSON Pointer into the body, attribute names without case; empty for all of it.
    Body(String),
    /// A header field.
    Header(String),
    /// The status code.
    Status,
}

impl Place {
    /// The value, where the answer has it.
    pub fn find(&self, exchange: &Exchange) -> Option<Value> {
        match self {
            Self::Status => exchange.status().map(Value::from),
            Self::Header(name) => exchange
                .response
                .as_ref()?
                .header(name)
                .map(|value| Value::String(value.to_owned())),
            Self::Body(pointer) => pointed(exchange.json()?, pointer).cloned(),
        }
    }
}
