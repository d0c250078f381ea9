//! Texts of filters and paths, made from schemas: valid ones, and valid ones spoilt.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use scimitar::scim::schema::{Attribute, DataType, SchemaSet, common};
use serde_json::Value;

use super::value::{literals, odd};

const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

/// What values of an attribute to compare with: those that stand in a population.
pub(super) type Pool<'a> = &'a [Value];

/// Every attribute of a resource type with the text before its name.
pub(super) fn attributes(schemas: &SchemaSet) -> Vec<(String, &Attribute)> {
    let plain = common().iter().map(|it| (String::new(), it));
    let core = schemas.core.attributes.iter();
    let core = core.map(|it| (String::new(), it));
    let extensions = schemas.extensions.iter().flat_map(|(schema, _)| {
        let prefix = format!("{}:", schema.id);
        let attributes = schema.attributes.iter();
        attributes.map(move |it| (prefix.clone(), it))
    });
    plain.chain(core).chain(extensions).collect()
}

/// A text in another letter case.
pub(super) fn spelled(text: &str) -> BoxedStrategy<String> {
    prop_oneof![
        6 => Just(String::from(text)),
        1 => Just(text.to_uppercase()),
        1 => Just(text.to_lowercase()),
        1 => Just(alternating(text)),
    ]
    .boxed()
}

fn alternating(text: &str) -> String {
    let letter = |(n, c): (usize, char)| {
        if n % 2 == 0 {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        }
    };
    text.chars().enumerate().map(letter).collect()
}

/// Filters over all that the schemas of a resource type define.
pub(super) fn filter(schemas: &SchemaSet, pool: Pool<'_>) -> BoxedStrategy<String> {
    let urn = format!("{}:", schemas.core.id);
    let mut leaves = Vec::new();
    for (prefix, attribute) in attributes(schemas) {
        let mut places = vec![format!("{prefix}{}", attribute.name)];
        let is_core = schemas.core.attribute(&attribute.name).is_some();
        if prefix.is_empty() && is_core {
            places.push(format!("{urn}{}", attribute.name));
        }
        for place in places {
            leaves.push(test(&place, attribute, values_at(pool, &place, None)));
            for sub in &attribute.sub_attributes {
                let values = values_at(pool, &place, Some(&sub.name));
                leaves.push(test(&format!("{place}.{}", sub.name), sub, values));
            }
            if attribute.data_type == DataType::Complex {
                leaves.push(selection(&place, attribute, pool));
            }
        }
    }
    leaves.push(unknown());
    combined(Union::new(leaves).boxed())
}

/// A path that may name nothing.
fn unknown() -> BoxedStrategy<String> {
    let path = select(vec![
        "colour",
        "name.colour",
        "userName.x",
        "members.value",
        "urn:x:y:colour",
        "$ref",
        "emails.$ref",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:ietf:params:scim:schemas:core:2.0:User",
    ]);
    (path, select(vec!["pr", "eq \"a\"", "ne \"a\""]))
        .prop_map(|(path, test)| format!("{path} {test}"))
        .boxed()
}

fn selection(place: &str, attribute: &Attribute, pool: Pool<'_>) -> BoxedStrategy<String> {
    (spelled(place), inside(place, attribute, pool))
        .prop_map(|(place, inner)| format!("{place}[{inner}]"))
        .boxed()
}

/// Filters in brackets after an attribute.
pub(super) fn inside(place: &str, attribute: &Attribute, pool: Pool<'_>) -> BoxedStrategy<String> {
    let leaves = attribute.sub_attributes.iter().map(|sub| {
        let values = values_at(pool, place, Some(&sub.name));
        test(&sub.name, sub, values)
    });
    let mut leaves: Vec<_> = leaves.collect();
    if leaves.is_empty() {
        leaves.push(Just(String::from("value pr")).boxed());
    }
    combined(Union::new(leaves).boxed())
}

/// `and`, `or`, `not` and groups over tests.
fn combined(leaf: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let word = spelled;
    leaf.prop_recursive(4, 12, 2, move |inner| {
        let joined = |op: &str| {
            (inner.clone(), word(op), inner.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}"))
        };
        prop_oneof![
            joined("and"),
            joined("or"),
            (word("not"), select(vec!["", " "]), inner.clone())
                .prop_map(|(not, space, a)| format!("{not}{space}({a})")),
            inner.clone().prop_map(|a| format!("({a})")),
        ]
    })
    .boxed()
}

/// One test of an attribute.
fn test(place: &str, definition: &Attribute, values: Vec<Value>) -> BoxedStrategy<String> {
    let operand = prop_oneof![
        4 => literals(definition),
        4 => if values.is_empty() { literals(definition) } else { near(values) },
        1 => odd(),
    ];
    let operator = select(OPERATORS.to_vec()).prop_flat_map(spelled);
    prop_oneof![
        1 => (spelled(place), spelled("pr"))
            .prop_map(|(place, pr)| format!("{place} {pr}")),
        5 => (spelled(place), operator, operand)
            .prop_map(|(place, op, operand)| format!("{place} {op} {operand}")),
    ]
    .boxed()
}

/// A value that stands there, in other letters, or a part of it.
fn near(values: Vec<Value>) -> BoxedStrategy<Value> {
    (select(values), 0..6_u8)
        .prop_map(|(value, change)| {
            let Value::String(text) = &value else {
                return value;
            };
            let length = text.chars().count();
            let changed = match change {
                0 => text.to_uppercase(),
                1 => text.to_lowercase(),
                2 => text.chars().take(length / 2).collect(),
                3 => text.chars().skip(length / 2).collect(),
                _ => return value,
            };
            Value::String(changed)
        })
        .boxed()
}

/// The values at a place in all resources of a population.
fn values_at(pool: Pool<'_>, place: &str, sub: Option<&str>) -> Vec<Value> {
    let (urn, name) = place.rsplit_once(':').unwrap_or(("", place));
    let mut values: Vec<Value> = Vec::new();
    for resource in pool {
        let holder = resource.get(urn).unwrap_or(resource);
        let value = holder.get(name).cloned().unwrap_or_default();
        let items = match value {
            Value::Array(items) => items,
            single => vec![single],
        };
        for item in items {
            let found = match sub {
                Some(sub) => item.get(sub).cloned().unwrap_or_default(),
                None if item.is_object() => item.get("value").cloned().unwrap_or_default(),
                None => item,
            };
            if !found.is_null() && !found.is_object() && !values.contains(&found) {
                values.push(found);
            }
        }
    }
    values
}

/// A text with one thing wrong, more or less.
pub(super) fn spoilt(text: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let piece = select(vec![
        "(",
        ")",
        "[",
        "]",
        "\"",
        "\\",
        ".",
        ":",
        " ",
        "  ",
        " and ",
        " or ",
        " not ",
        "not ",
        "eq",
        " zz ",
        "pr",
        "0",
        "-",
        "\u{0}",
        "\t",
        "\u{e9}",
        "\u{1F600}",
        "$",
        "&",
        "'",
        "null",
        "1e999",
        "\\u12",
    ]);
    (
        text,
        0..7_u8,
        any::<proptest::sample::Index>(),
        any::<proptest::sample::Index>(),
        piece,
    )
        .prop_map(|(text, kind, at, to, piece)| {
            let mut letters: Vec<char> = text.chars().collect();
            let at = at.index(letters.len() + 1);
            let to = to.index(letters.len() + 1);
            let (from, to) = (at.min(to), at.max(to));
            match kind {
                0 => letters.truncate(at),
                1 => drop(letters.drain(..at)),
                2 => drop(letters.drain(from..to)),
                3 => drop(letters.splice(from..to, piece.chars())),
                4 => {
                    let again: Vec<char> = letters[from..to].to_vec();
                    letters.splice(to..to, again);
                }
                _ => drop(letters.splice(at..at, piece.chars())),
            }
            letters.into_iter().collect()
        })
        .boxed()
}
