//! What can be said of a comparison, so that classes of disagreements can be told apart.

use scimitar::scim::filter::{AttributePath, Comparison, Literal};
use scimitar::scim::schema::{Attribute, Place, SchemaSet};
use serde_json::Value;

use super::class::Features;

/// One value of a feature.
pub(super) fn put(features: &mut Features, name: &'static str, value: impl Into<String>) {
    features.entry(name).or_default().insert(value.into());
}

/// What a path leads to.
pub(super) fn place(features: &mut Features, path: &AttributePath, schemas: &SchemaSet) {
    put(
        features,
        "urn",
        if path.urn.is_some() { "yes" } else { "no" },
    );
    let found = match schemas.find(path) {
        None => {
            put(features, "place", "unknown");
            put(features, "name", path.to_string());
            return;
        }
        Some(Place::Container(_)) => {
            put(features, "place", "container");
            return;
        }
        Some(Place::Attribute {
            extension,
            attribute,
            sub,
        }) => (extension, attribute, sub),
    };
    let (extension, attribute, sub) = found;
    put(
        features,
        "place",
        if extension.is_some() {
            "extension"
        } else {
            "core"
        },
    );
    put(
        features,
        "whole",
        if sub.is_some() { "sub" } else { "attribute" },
    );
    let name = sub.map_or_else(
        || attribute.name.clone(),
        |sub| format!("{}.{}", attribute.name, sub.name),
    );
    put(features, "name", name);
    put(
        features,
        "multi",
        if attribute.multi_valued { "yes" } else { "no" },
    );
    definition(features, sub.unwrap_or(attribute));
}

/// The characteristics of an attribute.
pub(super) fn definition(features: &mut Features, it: &Attribute) {
    put(
        features,
        "type",
        format!("{:?}", it.data_type).to_lowercase(),
    );
    put(features, "exact", if it.case_exact { "yes" } else { "no" });
    put(
        features,
        "mutability",
        format!("{:?}", it.mutability).to_lowercase(),
    );
    put(
        features,
        "returned",
        format!("{:?}", it.returned).to_lowercase(),
    );
    if it.required {
        put(features, "required", "yes");
    }
}

/// Operator and operand.
pub(super) fn comparison(features: &mut Features, it: &Comparison) {
    put(features, "op", it.op.keyword());
    let operand = match &it.value {
        Literal::Null => "null",
        Literal::Bool(_) => "boolean",
        Literal::Number(number) if number.is_f64() => "decimal",
        Literal::Number(_) => "integer",
        Literal::String(text) if text.is_empty() => "empty",
        Literal::String(text) if scimitar::scim::datetime::parse(text).is_some() => "time",
        Literal::String(text) if text.is_ascii() => "text",
        Literal::String(_) => "beyond-ascii",
    };
    put(features, "operand", operand);
}

/// What kind of JSON a value is.
pub(super) fn json(value: Option<&Value>) -> &'static str {
    match value {
        None => "absent",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(text)) if text.is_empty() => "empty",
        Some(Value::String(_)) => "text",
        Some(Value::Array(items)) if items.is_empty() => "empty-list",
        Some(Value::Array(items)) if items.iter().all(Value::is_object) => "objects",
        Some(Value::Array(_)) => "list",
        Some(Value::Object(members)) if members.is_empty() => "empty-object",
        Some(Value::Object(_)) => "object",
    }
}
