//! Whether answers have the form that their JSON Schema gives them: a message's own, or that which is made of
//! the target's definition of a resource type.
//!
//! Finds violations and their places. Which requirement one breaks is for [`blame`].

mod blame;
mod compile;
mod part;

pub use crate::scim::to_json_schema::Message;
pub use blame::{Verdict, blame, covered, exercised};
pub use part::{Part, Subject, parts};

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::Deviation;
use super::place::{brief, brief_or_absent};
use crate::scim::capabilities::Capabilities;
use crate::scim::resource::{escape, is_assigned};
use crate::scim::schema::SchemaSet;
use crate::scim::to_json_schema::{self, Openness, View};

/// Violations of one document that are looked at. What a target makes up is without end.
const MAX_VIOLATIONS: usize = 1000;

/// The compiled schemas of a target's resource types, by the order of the types.
#[derive(Debug)]
pub struct Forms {
    types: Vec<TypeForm>,
}

/// The form of a resource type.
#[derive(Debug)]
pub struct TypeForm {
    /// Name of the type.
    pub name: String,
    /// The schemas that rule its resources.
    pub set: SchemaSet,
    /// Why the target's own definition gives no form, so that the RFC's stands in.
    pub trouble: Option<String>,
    form: Form,
}

#[derive(Debug)]
struct Form {
    document: Value,
    validator: Validator,
}

/// A place that is not as the schema says.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The keyword of JSON Schema that is violated.
    pub keyword: String,
    /// JSON Pointer into the document, names spelled as the schema does; for what is missing, where it would be.
    pub pointer: String,
    /// JSON Pointer of the keyword in the schema.
    pub rule: String,
    /// The type, format or encoding that the schema wants there, if the keyword is about one.
    pub wanted: Option<String>,
    /// The same place as the answer spells it, what was expected and what stands there.
    pub deviation: Deviation,
}

impl Forms {
    /// Compiles the forms of all resource types; what no schema can be made of takes the RFC's, or is left out.
    pub fn of(capabilities: &Capabilities) -> Self {
        let types = &capabilities.resource_types;
        Self {
            types: types
                .iter()
                .filter_map(|it| TypeForm::of(&it.name, capabilities))
                .collect(),
        }
    }

    /// The form of a resource type.
    pub fn get(&self, name: &str) -> Option<&TypeForm> {
        self.types
            .iter()
            .find(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// All forms.
    pub fn iter(&self) -> impl Iterator<Item = &TypeForm> {
        self.types.iter()
    }
}

impl TypeForm {
    fn of(name: &str, capabilities: &Capabilities) -> Option<Self> {
        let set = capabilities.schema_set(name)?;
        let (set, form, trouble) = match Form::of_set(name, &set) {
            Ok(form) => (set, form, None),
            Err(trouble) => {
                let standard = match name.to_ascii_lowercase().as_str() {
                    "user" => SchemaSet::rfc_user(),
                    "group" => SchemaSet::rfc_group(),
                    _ => return None,
                };
                let form = Form::of_set(name, &standard).ok()?;
                (standard, form, Some(trouble))
            }
        };
        Some(Self {
            name: name.to_owned(),
            set,
            trouble,
            form,
        })
    }

    /// Where a resource is not as its type demands; what a view takes away is left in.
    pub fn violations(&self, resource: &Value) -> Vec<Violation> {
        self.form.violations(resource, |value| !is_assigned(value))
    }
}

impl Form {
    fn of_set(name: &str, set: &SchemaSet) -> Result<Self, String> {
        let document = to_json_schema::resource(name, set, &View::whole(), Openness::Closed);
        let validator = compile::validator(&document)?;
        Ok(Self {
            document,
            validator,
        })
    }

    fn violations(&self, document: &Value, unassigned: fn(&Value) -> bool) -> Vec<Violation> {
        let normal = to_json_schema::normal(document, &self.document, unassigned);
        if self.validator.is_valid(&normal) {
            return Vec::new();
        }
        let errors = self.validator.iter_errors(&normal);
        errors
            .flat_map(|error| self.read(&error, document))
            .take(MAX_VIOLATIONS)
            .collect()
    }

    /// A violation; each unknown name is one.
    fn read(&self, error: &jsonschema::ValidationError<'_>, document: &Value) -> Vec<Violation> {
        let keyword = error.kind().keyword().to_owned();
        let at = error.instance_path().as_str();
        let rule = error.schema_path().as_str();
        let wanted = match self.document.pointer(rule) {
            Some(Value::Array(names)) => names.first().and_then(Value::as_str),
            Some(Value::String(name)) => Some(name.as_str()),
            _ => None,
        };
        let make = |pointer: String, expected: String| {
            let spelled = to_json_schema::spelled(document, &pointer);
            let actual = brief_or_absent(document.pointer(&spelled));
            Violation {
                keyword: keyword.clone(),
                rule: rule.to_owned(),
                wanted: wanted.map(String::from),
                deviation: Deviation {
                    at: spelled,
                    expected,
                    actual,
                    hint: None,
                },
                pointer,
            }
        };
        let below = |name: &str| format!("{at}/{}", escape(name));
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                vec![make(below(name), "a value, as one is required".to_owned())]
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
                .iter()
                .map(|name| {
                    make(
                        below(name),
                        "an attribute that the schema defines".to_owned(),
                    )
                })
                .collect(),
            _ => vec![make(at.to_owned(), self.expected(rule, error))],
        }
    }

    fn expected(&self, rule: &str, error: &jsonschema::ValidationError<'_>) -> String {
        let value = self.document.pointer(rule);
        match error.kind() {
            ValidationErrorKind::Custom { message, .. } => message.clone(),
            ValidationErrorKind::Format { format } => match format.as_str() {
                "date-time" => "a dateTime with date and time".to_owned(),
                _ => "a URI".to_owned(),
            },
            ValidationErrorKind::Enum { options } => {
                let options = options.as_array().into_iter().flatten();
                let options: Vec<String> = options.filter(|it| !it.is_null()).map(brief).collect();
                format!("one of {}", options.join(", "))
            }
            ValidationErrorKind::Constant { expected_value } if expected_value.is_null() => {
                "nothing".to_owned()
            }
            ValidationErrorKind::Constant { expected_value } => brief(expected_value),
            ValidationErrorKind::Not { .. } => "another value".to_owned(),
            ValidationErrorKind::MaxItems { .. } => "nothing".to_owned(),
            ValidationErrorKind::MinItems { .. } | ValidationErrorKind::MinLength { .. } => {
                "at least one".to_owned()
            }
            ValidationErrorKind::Contains => {
                let wanted = value.and_then(|value| value.get("const"));
                brief_or_absent(wanted)
            }
            _ => match value {
                Some(value) => format!("{} {}", error.kind().keyword(), brief(value)),
                None => "what the schema says".to_owned(),
            },
        }
    }
}

/// Where a message is not as its schema says.
pub fn message_violations(message: Message, document: &Value) -> Vec<Violation> {
    compile::message(message).violations(document, Value::is_null)
}

#[cfg(test)]
mod tests;
