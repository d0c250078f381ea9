//! Values of attributes that no server has a reason to refuse.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::scim::schema::{Attribute, DataType};

/// A value that fits: a list where the attribute holds several.
pub(in crate::probe) fn fitting(definition: &Attribute) -> BoxedStrategy<Value> {
    let one = one(definition);
    if !definition.multi_valued {
        return one;
    }
    // What takes three matches of one filter takes long lists.
    let many = prop_oneof![3 => vec(one.clone(), 1..6), 1 => vec(one, 5..9)];
    many.prop_map(distinct).boxed()
}

/// One value, of a list or alone.
pub(super) fn one(definition: &Attribute) -> BoxedStrategy<Value> {
    if definition.data_type != DataType::Complex {
        return select(values(definition, "")).boxed();
    }
    let members: Vec<_> = definition
        .sub_attributes
        .iter()
        .map(|sub| {
            let name = sub.name.clone();
            let value = select(values(sub, &definition.name));
            let value = match sub.name.as_str() {
                "value" => value.prop_map(Some).boxed(),
                "primary" => option::weighted(0.4, value).boxed(),
                _ => option::weighted(0.6, value).boxed(),
            };
            value
                .prop_map(move |value| value.map(|value| (name.clone(), value)))
                .boxed()
        })
        .collect();
    let fallback = definition.sub_attributes.first().map(|sub| {
        let first = values(sub, &definition.name).into_iter().next();
        (sub.name.clone(), first.unwrap_or_default())
    });
    members
        .prop_map(move |members| {
            let mut value: Map<String, Value> = members.into_iter().flatten().collect();
            if value.is_empty() {
                value.extend(fallback.clone());
            }
            Value::Object(value)
        })
        .boxed()
}

/// Values that differ, of which at most one is primary.
fn distinct(values: Vec<Value>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    let mut primary = false;
    for mut value in values {
        if value.get("primary") == Some(&json!(true)) && std::mem::replace(&mut primary, true) {
            value["primary"] = json!(false);
        }
        let same = |other: &Value| match (value.get("value"), other.get("value")) {
            (Some(a), Some(b)) => a == b,
            _ => value == *other,
        };
        if !kept.iter().any(same) {
            kept.push(value);
        }
    }
    Value::Array(kept)
}

/// Values of a simple attribute that no server has a reason to refuse; `of` is the attribute that it is part of.
pub(super) fn values(definition: &Attribute, of: &str) -> Vec<Value> {
    if definition.data_type == DataType::Boolean {
        return vec![json!(true), json!(false)];
    }
    let texts: &[&str] = match (of, definition.name.as_str()) {
        ("emails", "value") => &["a@x.example", "b@x.example", "c@x.example", "d@x.example"],
        ("phoneNumbers", "value") => &["+1-201-555-0101", "+1-201-555-0102", "+1-201-555-0103"],
        ("photos", "value") | (_, "profileUrl") => &["https://x.example/1", "https://x.example/2"],
        (_, "locale") => &["en-US", "de-CH"],
        (_, "preferredLanguage") => &["en", "de-CH"],
        (_, "timezone") => &["Europe/Zurich", "America/New_York"],
        (_, "country") => &["CH", "US"],
        _ if definition.data_type == DataType::Reference => {
            &["https://x.example/1", "https://x.example/2"]
        }
        _ if !definition.canonical_values.is_empty() => {
            let known = definition.canonical_values.iter().take(2);
            return known.map(|it| json!(it)).collect();
        }
        (_, "type") => &["work", "home"],
        _ => &["a", "Tour Guide", "\u{dc}ber \"x\"", "tour guide"],
    };
    texts.iter().map(|text| json!(text)).collect()
}
