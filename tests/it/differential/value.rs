//! JSON values of attributes: fitting ones from small sets, so that they meet, and unfitting ones.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use scimitar::scim::schema::{Attribute, DataType, Mutability};
use serde_json::{Map, Value, json};

const TEXTS: [&str; 12] = [
    "a",
    "A",
    "b",
    "ab",
    "Tour Guide",
    "tour guide",
    "m\u{fc}ller",
    "MU\u{308}LLER",
    "say \"hi\"",
    "back\\slash",
    "_%*",
    "",
];

/// Values of the type of an attribute.
pub(super) fn literals(definition: &Attribute) -> BoxedStrategy<Value> {
    match definition.data_type {
        DataType::Boolean => any::<bool>().prop_map(Value::Bool).boxed(),
        DataType::Integer => select(vec![json!(-1), json!(0), json!(7)]).boxed(),
        DataType::Decimal => select(vec![json!(0), json!(0.5), json!(1e3)]).boxed(),
        DataType::DateTime => texts(&[
            "1970-01-01T00:00:00Z",
            "2011-05-13T04:42:34+05:00",
            "2999-12-31T23:59:59.999Z",
        ]),
        DataType::Binary => texts(&["QUJD", "qujd", "QUI", ""]),
        DataType::Reference => texts(&["https://x.example/a", "https://x.example/A", "../Users/a"]),
        DataType::String if definition.canonical_values.is_empty() => texts(&TEXTS),
        DataType::String | DataType::Complex => {
            let mut known = definition.canonical_values.clone();
            known.extend(known.clone().iter().map(|it| it.to_uppercase()));
            known.push(String::from("own"));
            select(known).prop_map(Value::String).boxed()
        }
    }
}

fn texts(all: &[&str]) -> BoxedStrategy<Value> {
    let all: Vec<Value> = all.iter().map(|it| json!(it)).collect();
    select(all).boxed()
}

/// Values of any type.
pub(super) fn odd() -> BoxedStrategy<Value> {
    select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(5),
        json!(-0.5),
        json!("x"),
        json!(""),
        json!("true"),
        json!("5"),
        json!("2011-05-13"),
        json!("no date"),
        json!("not base64!"),
        json!("-_-_"),
        json!("no URI"),
    ])
    .boxed()
}

/// Writes values of attributes; knows the ids that references may have.
#[derive(Clone)]
pub(super) struct Writer {
    /// Ids of resources.
    pub(super) ids: Vec<String>,
}

impl Writer {
    /// A value that fits: a list where the attribute holds several.
    pub(super) fn fitting(&self, attribute: &Attribute) -> BoxedStrategy<Value> {
        let one = self.one(attribute);
        if !attribute.multi_valued {
            return one;
        }
        proptest::collection::vec(one, 1..4)
            .prop_map(one_primary)
            .boxed()
    }

    /// One value that fits.
    pub(super) fn one(&self, attribute: &Attribute) -> BoxedStrategy<Value> {
        if attribute.data_type != DataType::Complex {
            return simple(attribute, attribute.name.as_str());
        }
        let refers = attribute.sub("$ref").is_some() && attribute.sub("value").is_some();
        let mut members = Vec::new();
        for sub in attribute.sub_attributes.iter().filter(|it| writable(it)) {
            if refers && !sub.is_named("value") {
                continue;
            }
            let name = sub.name.clone();
            let value = if refers {
                select(self.ids.clone()).prop_map(Value::String).boxed()
            } else {
                simple(sub, &attribute.name)
            };
            let share = if refers || sub.is_named("value") {
                1.0
            } else {
                0.4
            };
            members.push(
                weighted(share, value)
                    .prop_map(move |it| it.map(|it| (name.clone(), it)))
                    .boxed(),
            );
        }
        members
            .prop_map(|members| Value::Object(members.into_iter().flatten().collect::<Map<_, _>>()))
            .boxed()
    }

    /// Any value: mostly fitting, else of another type, single, empty, with names that are not
    /// known or spelled otherwise.
    pub(super) fn any(&self, attribute: &Attribute) -> BoxedStrategy<Value> {
        let one = self.one(attribute);
        prop_oneof![
            12 => self.fitting(attribute),
            2 => one.clone(),
            1 => proptest::collection::vec(one.clone(), 0..4).prop_map(Value::Array),
            2 => odd(),
            1 => select(vec![json!({}), json!([]), json!([null]), json!({"x": 1}), json!([{}]), json!(["a"])]),
            2 => one.prop_map(strange),
        ]
        .boxed()
    }
}

fn simple(attribute: &Attribute, of: &str) -> BoxedStrategy<Value> {
    match (of, attribute.name.as_str()) {
        ("emails", "value") => texts(&["a@x.example", "b@x.example", "A@X.example"]),
        ("userName", _) => texts(&["mine", "Mine", "other", "\u{e9}"]),
        ("addresses", "country") => texts(&["CH", "US"]),
        _ => literals(attribute),
    }
}

/// An object with names in capitals, a name too many and one without value.
fn strange(value: Value) -> Value {
    let Value::Object(members) = value else {
        return value;
    };
    let mut members: Map<String, Value> = members
        .into_iter()
        .map(|(name, value)| (name.to_uppercase(), value))
        .collect();
    members.insert(String::from("colour"), json!("red"));
    members.entry("DISPLAY").or_insert(Value::Null);
    Value::Object(members)
}

fn one_primary(mut values: Vec<Value>) -> Value {
    let mut seen = false;
    for value in &mut values {
        if value.get("primary") == Some(&Value::Bool(true)) && std::mem::replace(&mut seen, true) {
            value["primary"] = Value::Bool(false);
        }
    }
    Value::Array(values)
}

/// Whether clients may write an attribute.
pub(super) fn writable(attribute: &Attribute) -> bool {
    attribute.mutability != Mutability::ReadOnly
}

/// A value in this share of cases.
pub(super) fn weighted(share: f64, value: BoxedStrategy<Value>) -> BoxedStrategy<Option<Value>> {
    if share < 1.0 {
        option::weighted(share, value).boxed()
    } else {
        value.prop_map(Some).boxed()
    }
}
