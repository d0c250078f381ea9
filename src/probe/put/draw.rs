//! Users and replacements, drawn over the attributes that a target was seen to keep.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

use super::example::{Example, Given, Spelling};
use crate::probe::patch::{Place, fitting, put};
use crate::scim::schema::{DataType, Mutability, Returned, SchemaSet, Uniqueness};

/// What a replacement does with an attribute.
#[derive(Clone, Debug)]
enum Take {
    Omitted,
    /// The value that it has.
    Same,
    Fresh(Value),
    Null,
    Empty,
}

/// Immutable texts: they can be set once.
pub(super) fn fixed(schemas: &SchemaSet) -> Vec<Place> {
    let core = schemas.core.attributes.iter().map(|it| ("", it));
    let further = schemas.extensions.iter().flat_map(|(schema, _)| {
        let attributes = schema.attributes.iter();
        attributes.map(|it| (schema.id.as_str(), it))
    });
    core.chain(further)
        .filter(|(_, it)| {
            it.mutability == Mutability::Immutable
                && it.data_type == DataType::String
                && it.uniqueness == Uniqueness::None
                && matches!(it.returned, Returned::Always | Returned::Default)
                && !it.required
                && !it.unclear
                && !it.multi_valued
        })
        .map(|(urn, it)| Place {
            urn: urn.to_owned(),
            definition: it.clone(),
        })
        .collect()
}

/// Examples over some places; `schemas` say what no client may write.
pub(super) fn examples(places: &[Place], schemas: &SchemaSet) -> BoxedStrategy<Example> {
    let parts: Vec<_> = places.iter().map(part).collect();
    // Often an extension is there before, and left out as a whole afterwards.
    let extended = select(vec![
        (true, true),
        (true, true),
        (true, false),
        (false, true),
        (false, false),
    ]);
    let foreign = option::weighted(0.25, select(foreign(schemas)));
    (parts, extended, foreign)
        .prop_map(|(parts, (before, after), foreign)| {
            let mut user = Map::new();
            let mut body = Vec::new();
            for (place, was, take, spelling) in parts {
                let core = place.urn.is_empty();
                let was = was.filter(|_| core || before);
                if let Some(value) = &was {
                    put(&mut user, &place, value.clone());
                }
                let value = match take {
                    Take::Omitted => None,
                    Take::Same => was,
                    Take::Fresh(value) => Some(value),
                    Take::Null => Some(Value::Null),
                    Take::Empty => Some(json!([])),
                };
                body.extend(value.filter(|_| core || after).map(|value| Given {
                    urn: place.urn.clone(),
                    name: place.definition.name.clone(),
                    spelling,
                    value,
                }));
            }
            body.extend(foreign);
            Example { user, body }
        })
        .boxed()
}

/// What the user has at a place, what the replacement does with it, and how it is written.
fn part(place: &Place) -> BoxedStrategy<(Place, Option<Value>, Take, Spelling)> {
    let definition = &place.definition;
    let fixed = definition.mutability == Mutability::Immutable;
    let mut takes = vec![
        (5, Just(Take::Omitted).boxed()),
        (3, Just(Take::Same).boxed()),
        (6, fitting(definition).prop_map(Take::Fresh).boxed()),
    ];
    if !fixed {
        takes.push((1, Just(Take::Null).boxed()));
    }
    if definition.multi_valued {
        takes.push((1, Just(Take::Empty).boxed()));
    }
    let spelling = select(vec![
        Spelling::Plain,
        Spelling::Plain,
        Spelling::Plain,
        Spelling::Plain,
        Spelling::Plain,
        Spelling::Plain,
        Spelling::Upper,
        Spelling::Lower,
    ]);
    let place = place.clone();
    (
        option::weighted(0.55, fitting(definition)),
        Union::new_weighted(takes),
        spelling,
    )
        .prop_map(move |(was, take, spelling)| (place.clone(), was, take, spelling))
        .boxed()
}

/// What no client may write, with other values than a server gives.
fn foreign(schemas: &SchemaSet) -> Vec<Given> {
    let given = |name: &str, value| Given {
        urn: String::new(),
        name: name.to_owned(),
        spelling: Spelling::Plain,
        value,
    };
    let mut all = vec![
        given("id", json!("somebody-else")),
        given(
            "meta",
            json!({"resourceType": "Nobody", "created": "2001-01-01T00:00:00Z"}),
        ),
    ];
    let groups = schemas.attribute("groups");
    if groups.is_some_and(|it| it.mutability == Mutability::ReadOnly) {
        all.push(given("groups", json!([{"value": "nowhere"}])));
    }
    all
}
