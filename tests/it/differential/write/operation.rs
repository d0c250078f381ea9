//! Operations of a PATCH, on any place of a resource and with values that fit or don't.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use scimitar::scim::schema::{Attribute, DataType};
use serde_json::{Map, Value, json};

use super::super::text::{attributes, inside, spelled, spoilt};
use super::Type;

/// One operation on any place of a resource.
pub(in crate::differential) fn operation(of: &Type<'_>) -> BoxedStrategy<Value> {
    let mut places = vec![(1, whole(of)), (1, bare_urn(of))];
    for (prefix, attribute) in attributes(of.schemas) {
        let place = format!("{prefix}{}", attribute.name);
        let weight = match (attribute.data_type, attribute.multi_valued) {
            // There are few of them.
            (DataType::Complex, false) => 6,
            (DataType::Complex, true) => 3,
            _ => 1,
        };
        places.push((weight, at(of, &place, attribute)));
    }
    Union::new_weighted(places).boxed()
}

fn at(of: &Type<'_>, place: &str, attribute: &Attribute) -> BoxedStrategy<Value> {
    let whole = written(path(place), of.writer.any(attribute));
    if attribute.data_type != DataType::Complex {
        let odd = select(vec!["[value eq \"a\"]", ".x", "[0]"]);
        let odd = odd.prop_map({
            let place = String::from(place);
            move |odd| format!("{place}{odd}")
        });
        return prop_oneof![12 => whole, 1 => written(odd.boxed(), of.writer.any(attribute))]
            .boxed();
    }
    let chosen = |rest: String| {
        let place = String::from(place);
        let filter = prop_oneof![
            2 => inside("", attribute, &[]),
            3 => simple_filter(of, attribute),
        ];
        (spelled(&place), filter)
            .prop_map(move |(place, filter)| format!("{place}[{filter}]{rest}"))
            .boxed()
    };
    let mut all = vec![
        (6, whole),
        (
            3,
            written(
                chosen(String::new()),
                prop_oneof![3 => of.writer.one(attribute), 1 => of.writer.any(attribute)].boxed(),
            ),
        ),
    ];
    if !attribute.multi_valued {
        all.push((12, part(of, place, attribute)));
    }
    for sub in &attribute.sub_attributes {
        let value = of.writer.any(sub);
        let value = if attribute.sub("$ref").is_some() && sub.is_named("value") {
            prop_oneof![select(of.writer.ids.clone()).prop_map(Value::String), value].boxed()
        } else {
            value
        };
        all.push((
            1,
            written(path(&format!("{place}.{}", sub.name)), value.clone()),
        ));
        all.push((1, written(chosen(format!(".{}", sub.name)), value)));
    }
    Union::new_weighted(all).boxed()
}

/// Some of the sub-attributes of a complex attribute, which may have others.
fn part(of: &Type<'_>, place: &str, attribute: &Attribute) -> BoxedStrategy<Value> {
    let op = select(vec!["add", "replace", "replace"]);
    (op, spelled(place), of.writer.one(attribute))
        .prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}))
        .boxed()
}

/// `type eq "work"`, with a value that may be there.
fn simple_filter(of: &Type<'_>, attribute: &Attribute) -> BoxedStrategy<String> {
    let subs = attribute
        .sub_attributes
        .iter()
        .filter(|sub| sub.data_type != DataType::Complex);
    let tests = subs.map(|sub| {
        let name = sub.name.clone();
        let of_name = attribute.name.clone();
        let one = of.writer.one(attribute);
        one.prop_map(move |value| match value.get(&name) {
            Some(value) => format!("{name} eq {value}"),
            None => format!(
                "{} eq \"{of_name}\"",
                if name == "primary" { "type" } else { &name }
            ),
        })
        .boxed()
    });
    Union::new(tests.collect::<Vec<_>>()).boxed()
}

fn path(text: &str) -> BoxedStrategy<String> {
    let text = spelled(text);
    prop_oneof![14 => text.clone(), 1 => spoilt(text)].boxed()
}

/// An operation with a path.
fn written(path: BoxedStrategy<String>, value: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let op = select(vec![
        "add", "add", "add", "replace", "replace", "replace", "remove", "remove", "move",
    ]);
    (op, path, value, 0..12_u8)
        .prop_map(|(op, path, value, valued)| {
            let with_value = if op == "remove" {
                valued == 0
            } else {
                valued > 0
            };
            let mut operation = json!({"op": op, "path": path});
            if with_value {
                operation["value"] = value;
            }
            operation
        })
        .boxed()
}

/// An operation without path: members of the resource and of its extensions.
fn whole(of: &Type<'_>) -> BoxedStrategy<Value> {
    let mut members = Vec::new();
    for (prefix, attribute) in attributes(of.schemas) {
        let urn = String::from(prefix.trim_end_matches(':'));
        let name = attribute.name.clone();
        let value = of.writer.any(attribute);
        members.push(
            (spelled(&name), value, any::<bool>())
                .prop_map(move |(name, value, nested)| match urn.as_str() {
                    "" => (name, value),
                    urn if nested => (String::from(urn), json!({ name: value })),
                    urn => (format!("{urn}:{name}"), value),
                })
                .boxed(),
        );
        for sub in &attribute.sub_attributes {
            let name = format!("{prefix}{}.{}", attribute.name, sub.name);
            if sub.data_type != DataType::Complex
                && !attribute.multi_valued
                && members.len() % 3 == 0
            {
                members.push(
                    of.writer
                        .any(sub)
                        .prop_map(move |value| (name.clone(), value))
                        .boxed(),
                );
            }
        }
    }
    members.push(Just((String::from("colour"), json!("red"))).boxed());
    let value = proptest::collection::vec(Union::new(members), 0..4)
        .prop_map(|members| Value::Object(distinct(members)));
    (select(vec!["add", "replace", "replace", "remove"]), value)
        .prop_map(|(op, value)| json!({"op": op, "value": value}))
        .boxed()
}

/// Members whose names differ in more than letter case, as JSON of SCIM must.
fn distinct(members: Vec<(String, Value)>) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in members {
        if !object
            .keys()
            .any(|known: &String| known.eq_ignore_ascii_case(&name))
        {
            object.insert(name, value);
        }
    }
    object
}

/// An operation on a schema URN.
fn bare_urn(of: &Type<'_>) -> BoxedStrategy<Value> {
    let urns: Vec<String> = of.schemas.urns().map(String::from).collect();
    let value = select(vec![
        json!({"department": "D", "costCenter": "c"}),
        json!({"department": null}),
        json!({"title": "T"}),
        json!({}),
        json!(null),
        json!("x"),
        json!({"displayName": "D"}),
        json!({"colour": 1}),
    ]);
    written(
        select(urns).prop_flat_map(|urn| spelled(&urn)).boxed(),
        value.boxed(),
    )
}
