//! Users and operations, drawn over the attributes that a target was seen to keep.

use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

use super::example::Example;
use super::value::{fitting, one, values};
use crate::scim::schema::{Attribute, DataType, Mutability, Returned, SchemaSet, Uniqueness};

/// Attributes whose values mean more than they say: other systems look them up.
const LEFT_ALONE: &[&str] = &[
    "userName",
    "externalId",
    "password",
    "groups",
    "manager",
    "x509Certificates",
];

/// An attribute that may be written.
#[derive(Clone, Debug)]
pub(in crate::probe) struct Place {
    /// URN of the extension that has it; empty for the core schema.
    pub(in crate::probe) urn: String,
    /// Its definition, without the sub-attributes that are left alone.
    pub(in crate::probe) definition: Attribute,
}

impl Place {
    /// The path of the attribute.
    fn path(&self) -> String {
        match self.urn.as_str() {
            "" => self.definition.name.clone(),
            urn => format!("{urn}:{}", self.definition.name),
        }
    }
}

/// What the schemas of users let be written without harm.
pub(in crate::probe) fn places(schemas: &SchemaSet) -> Vec<Place> {
    let core = schemas.core.attributes.iter().map(|it| ("", it));
    let further = schemas.extensions.iter().flat_map(|(schema, _)| {
        let attributes = schema.attributes.iter();
        attributes.map(|it| (schema.id.as_str(), it))
    });
    core.chain(further)
        .filter(|(_, it)| !LEFT_ALONE.iter().any(|name| it.is_named(name)) && is_free(it))
        .filter_map(|(urn, it)| {
            let mut definition = it.clone();
            definition.sub_attributes.retain(|sub| {
                is_free(sub)
                    && sub.data_type != DataType::Complex
                    && !sub.is_named("display")
                    && !sub.is_named("formatted")
            });
            let hollow = it.data_type == DataType::Complex && definition.sub_attributes.is_empty();
            (!hollow).then(|| Place {
                urn: urn.to_owned(),
                definition,
            })
        })
        .collect()
}

fn is_free(attribute: &Attribute) -> bool {
    attribute.mutability == Mutability::ReadWrite
        && attribute.uniqueness == Uniqueness::None
        && matches!(attribute.returned, Returned::Always | Returned::Default)
        && !attribute.required
        && !attribute.unclear
        && !attribute.is_named("$ref")
        && matches!(
            attribute.data_type,
            DataType::String | DataType::Boolean | DataType::Complex | DataType::Reference
        )
}

/// A user with a value at every place, by which is learned what the target keeps.
pub(in crate::probe) fn full(places: &[Place]) -> Map<String, Value> {
    let mut user = Map::new();
    for place in places {
        let one = match place.definition.data_type {
            DataType::Complex => {
                let subs = place.definition.sub_attributes.iter();
                let members = subs.filter_map(|sub| {
                    let first = values(sub, &place.definition.name).into_iter().next()?;
                    Some((sub.name.clone(), first))
                });
                Value::Object(members.collect())
            }
            _ => values(&place.definition, "")
                .into_iter()
                .next()
                .unwrap_or_default(),
        };
        let value = if place.definition.multi_valued {
            json!([one])
        } else {
            one
        };
        put(&mut user, place, value);
    }
    user
}

/// Sets the value of a place in a user.
pub(in crate::probe) fn put(user: &mut Map<String, Value>, place: &Place, value: Value) {
    let name = place.definition.name.clone();
    if place.urn.is_empty() {
        user.insert(name, value);
        return;
    }
    let container = user.entry(place.urn.clone()).or_insert_with(|| json!({}));
    if let Some(members) = container.as_object_mut() {
        members.insert(name, value);
    }
}

/// Examples over some places.
pub(super) fn examples(places: &[Place]) -> BoxedStrategy<Example> {
    let members: Vec<_> = places
        .iter()
        .map(|place| {
            let place = place.clone();
            let complex = place.definition.data_type == DataType::Complex;
            let share = if complex { 0.8 } else { 0.5 };
            option::weighted(share, fitting(&place.definition))
                .prop_map(move |value| value.map(|value| (place.clone(), value)))
                .boxed()
        })
        .collect();
    // Half of the users lack an extension yet, so that it can come.
    let mut urns: Vec<String> = places.iter().map(|place| place.urn.clone()).collect();
    urns.dedup();
    let extended = vec(any::<bool>(), urns.len());
    let user = (members, extended).prop_map(move |(members, extended)| {
        let mut user = Map::new();
        let has = |urn: &String| {
            let mut flags = urns.iter().zip(&extended);
            urn.is_empty() || flags.any(|(known, flag)| known == urn && *flag)
        };
        for (place, value) in members.into_iter().flatten() {
            if has(&place.urn) {
                put(&mut user, &place, value);
            }
        }
        user
    });
    let any = vec(operation(places), 1..6).boxed();
    let same = alike(places);
    let several = if same.is_empty() {
        any
    } else {
        prop_oneof![1 => any, 1 => Union::new_weighted(same)].boxed()
    };
    let refused = select(vec![
        json!({"op": "remove"}),
        json!({"op": "replace", "path": "active", "value": {"no": "boolean"}}),
        json!({"op": "replace", "path": "emails[type eq \"nowhere\"].value", "value": "a@x.example"}),
    ]);
    let operations = (several, option::weighted(0.15, refused)).prop_map(|(mut all, last)| {
        all.extend(last);
        all
    });
    (user, operations, weighted(0.15), weighted(0.6))
        .prop_map(|(user, operations, loud, twice)| Example {
            user,
            operations,
            loud,
            twice,
        })
        .boxed()
}

/// Operations about the same: what depends on the operation before it shows there.
fn alike(places: &[Place]) -> Vec<(u32, BoxedStrategy<Vec<Value>>)> {
    let any = |it| (weight(it), vec(at(it), 2..5).boxed());
    let mut all: Vec<_> = places.iter().map(any).collect();
    all.extend(places.iter().filter(|it| is_parted(it)).map(anew));
    all.extend(places.iter().filter_map(idle));
    all.extend(places.iter().filter_map(additions));
    all
}

/// Whether a place holds one value of several parts.
fn is_parted(place: &Place) -> bool {
    place.definition.data_type == DataType::Complex && !place.definition.multi_valued
}

/// Removal, and what comes after it, which must not bring back what was there.
fn anew(place: &Place) -> (u32, BoxedStrategy<Vec<Value>>) {
    let removal = json!({"op": "remove", "path": place.path()});
    let further = vec(at(place), 1..4).prop_map(move |further| {
        let mut all = vec![removal.clone()];
        all.extend(further);
        all
    });
    (weight(place) / 3, further.boxed())
}

/// Parts and chosen values replaced: what changes nothing when it is sent again.
fn idle(place: &Place) -> Option<(u32, BoxedStrategy<Vec<Value>>)> {
    let whole = place.path();
    let replaced = at(place).prop_filter_map("of the whole, or without a value", move |mut one| {
        let part = one["path"] != whole.as_str() && one.get("value").is_some();
        part.then(|| {
            one["op"] = json!("replace");
            one
        })
    });
    let definition = &place.definition;
    let chosen = |sub: &Attribute| !definition.multi_valued || sub.data_type != DataType::Boolean;
    let parted = definition.sub_attributes.iter().any(chosen);
    parted.then(|| (weight(place) / 3, vec(replaced, 1..3).boxed()))
}

/// Additions to one list, or to the parts of one value: each keeps what the others added.
fn additions(place: &Place) -> Option<(u32, BoxedStrategy<Vec<Value>>)> {
    let definition = &place.definition;
    let path = place.path();
    let add = fitting(definition)
        .prop_map(move |value| json!({"op": "add", "path": path, "value": value}));
    let several = definition.multi_valued || definition.data_type == DataType::Complex;
    several.then(|| (weight(place) / 2, vec(add, 2..4).boxed()))
}

/// How often a place is drawn: by how much can go wrong there.
fn weight(place: &Place) -> u32 {
    match (place.definition.data_type, place.definition.multi_valued) {
        (DataType::Complex, true) => 8,
        (DataType::Complex, false) => 24,
        _ if place.urn.is_empty() => 2,
        // That an extension comes and goes shows at any of its attributes.
        _ => 3,
    }
}

/// An operation that no server has a reason to refuse.
pub(in crate::probe) fn operation(places: &[Place]) -> BoxedStrategy<Value> {
    let mut all = vec![(12, pathless(places))];
    for place in places {
        all.push((weight(place), at(place)));
    }
    Union::new_weighted(all).boxed()
}

/// Some attributes at once.
fn pathless(places: &[Place]) -> BoxedStrategy<Value> {
    let one = select(places.to_vec()).prop_flat_map(|place| {
        fitting(&place.definition).prop_map(move |value| (place.clone(), value))
    });
    (select(vec!["add", "replace"]), vec(one, 1..3))
        .prop_map(|(op, members)| {
            let mut value = Map::new();
            for (place, it) in members {
                put(&mut value, &place, it);
            }
            json!({"op": op, "value": value})
        })
        .boxed()
}

/// An operation on an attribute, a part of it, or some of its values.
fn at(place: &Place) -> BoxedStrategy<Value> {
    let definition = &place.definition;
    // A list has many more ways to be changed in part than as a whole.
    let whole = if definition.multi_valued { 60 } else { 8 };
    let mut all = vec![(whole, written(place.path(), fitting(definition), true))];
    if definition.data_type != DataType::Complex {
        return Union::new_weighted(all).boxed();
    }
    let name = definition.name.as_str();
    for sub in &definition.sub_attributes {
        let value = select(values(sub, name)).boxed();
        if !definition.multi_valued {
            let path = format!("{}.{}", place.path(), sub.name);
            all.push((2, written(path, value, true)));
            continue;
        }
        for chosen in chosen(sub, definition) {
            let path = format!("{}[{chosen}]", place.path());
            let several = if sub.is_named("type") { 4 } else { 2 };
            all.push((several, written(path.clone(), one(definition), false)));
            for part in &definition.sub_attributes {
                let value = select(values(part, name)).boxed();
                let weight = if part.is_named("primary") { 3 } else { 2 };
                all.push((
                    weight,
                    written(format!("{path}.{}", part.name), value, false),
                ));
            }
        }
    }
    Union::new_weighted(all).boxed()
}

/// How values are chosen by a sub-attribute: mostly by what they are, sometimes by what they are not or by another
/// sub-attribute, too.
fn chosen(sub: &Attribute, of: &Attribute) -> Vec<String> {
    let name = of.name.as_str();
    let texts = |sub: &Attribute| values(sub, name).into_iter().filter(Value::is_string);
    let mut all: Vec<String> = texts(sub)
        .map(|value| format!("{} eq {value}", sub.name))
        .collect();
    if !["type", "value"].contains(&sub.name.as_str()) {
        return all;
    }
    let Some(first) = texts(sub).next() else {
        return all;
    };
    let equal = format!("{} eq {first}", sub.name);
    all.push(format!("{} ne {first}", sub.name));
    all.push(format!("{} sw {first}", sub.name));
    all.push(format!("not ({equal})"));
    let other = of.sub_attributes.iter().find(|it| {
        let paired = if sub.is_named("type") {
            "value"
        } else {
            "type"
        };
        it.is_named(paired)
    });
    if let Some((other, value)) = other.and_then(|it| Some((it, texts(it).next_back()?))) {
        all.push(format!("{equal} and {} ne {value}", other.name));
        all.push(format!("{equal} or {} eq {value}", other.name));
    }
    all
}

/// An operation with a path; adding to chosen values is left to the server where there are none.
fn written(path: String, value: BoxedStrategy<Value>, adds: bool) -> BoxedStrategy<Value> {
    let mut ops = vec!["replace", "replace", "remove"];
    if adds {
        ops.extend(["remove", "add", "add"]);
    }
    (select(ops), value)
        .prop_map(move |(op, value)| match op {
            "remove" => json!({"op": op, "path": path}),
            _ => json!({"op": op, "path": path, "value": value}),
        })
        .boxed()
}
