//! Filters drawn from what a target takes: attributes, operators and connectives that it was seen to know.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::learn::{Learned, Place};
use super::query::{Letters, Query, Spelling, close};
use crate::scim::filter::{AttributePath, CompareOp, Comparison, Filter, Literal};
use crate::scim::schema::DataType;

/// Texts that comparisons go wrong on.
const TEXTS: [&str; 9] = [
    "a",
    "A",
    "Tour",
    "guide",
    "m\u{fc}ller",
    "\"hi\"",
    "\\",
    "%",
    "_",
];

/// Queries over what was learned, most of them in the canonical spelling.
pub(super) fn queries(learned: &Learned) -> BoxedStrategy<Query> {
    (filters(learned), spelling())
        .prop_map(|(filter, spelling)| Query { filter, spelling })
        .boxed()
}

fn spelling() -> BoxedStrategy<Spelling> {
    let letters = || select(vec![Letters::Upper, Letters::Lower, Letters::Mixed]);
    prop_oneof![
        6 => Just(Spelling::default()),
        1 => letters().prop_map(|names| Spelling { names, ..Spelling::default() }),
        1 => letters().prop_map(|words| Spelling { words, ..Spelling::default() }),
        1 => Just(Spelling { grouped: true, ..Spelling::default() }),
    ]
    .boxed()
}

fn filters(learned: &Learned) -> BoxedStrategy<Filter> {
    let mut leaves: Vec<(u32, BoxedStrategy<Filter>)> = Vec::new();
    for place in &learned.places {
        // Few attributes compare with case, and servers forget them.
        let weight = match (place.values.is_empty(), place.definition.case_exact) {
            (true, _) => 1,
            (false, false) => 5,
            (false, true) => 15,
        };
        leaves.push((weight, test(place.path.clone(), place, learned)));
    }
    if learned.value_paths {
        for attribute in bracketed(learned) {
            leaves.push((6, brackets(&attribute, learned)));
        }
    }
    if leaves.is_empty() {
        let path = AttributePath::new("userName", None);
        leaves.push((1, Just(Filter::Present(path)).boxed()));
    }
    combined(Union::new_weighted(leaves).boxed(), learned)
}

/// The multi-valued complex attributes of which something can be filtered by.
fn bracketed(learned: &Learned) -> Vec<AttributePath> {
    let mut found: Vec<AttributePath> = Vec::new();
    for place in &learned.places {
        let several = place.parent.as_ref().is_some_and(|it| it.multi_valued);
        let whole = AttributePath {
            sub: None,
            ..place.path.clone()
        };
        if several && !found.contains(&whole) {
            found.push(whole);
        }
    }
    found
}

fn brackets(attribute: &AttributePath, learned: &Learned) -> BoxedStrategy<Filter> {
    let inside = |place: &&Place| {
        place.path.sub.is_some()
            && place.path.name == attribute.name
            && place.path.urn == attribute.urn
    };
    let leaves = learned.places.iter().filter(inside).map(|place| {
        let name = place.path.sub.clone().unwrap_or_default();
        test(AttributePath::new(name, None), place, learned)
    });
    let attribute = attribute.clone();
    combined(Union::new(leaves).boxed(), learned)
        .prop_filter_map("brackets in brackets", move |inner| {
            let inner = close(&inner)?;
            Some(Filter::ValuePath(attribute.clone(), Box::new(inner)))
        })
        .boxed()
}

/// `and`, `or` and `not` over tests.
fn combined(leaf: BoxedStrategy<Filter>, learned: &Learned) -> BoxedStrategy<Filter> {
    let (or, not) = (learned.or, learned.not);
    leaf.prop_recursive(3, 8, 2, move |inner| {
        let pair = || (inner.clone(), inner.clone());
        let mut ways = vec![
            pair()
                .prop_map(|(a, b)| Filter::And(Box::new(a), Box::new(b)))
                .boxed(),
        ];
        if or {
            let way = pair().prop_map(|(a, b)| Filter::Or(Box::new(a), Box::new(b)));
            ways.push(way.boxed());
        }
        if not {
            let way = inner.clone().prop_map(|a| Filter::Not(Box::new(a)));
            ways.push(way.boxed());
        }
        Union::new(ways).boxed()
    })
    .boxed()
}

/// One test of an attribute, by an operator that its type has.
fn test(path: AttributePath, place: &Place, learned: &Learned) -> BoxedStrategy<Filter> {
    let present = Just(Filter::Present(path.clone())).boxed();
    let operators: Vec<CompareOp> = learned
        .operators
        .iter()
        .copied()
        .filter(|op| fits(*op, place.definition.data_type))
        .collect();
    let operands = operands(place);
    if operators.is_empty() || operands.is_empty() {
        return present;
    }
    let compare = (select(operators), select(operands))
        .prop_map(move |(op, value)| Filter::Compare(path.clone(), Comparison { op, value }));
    prop_oneof![1 => present, 6 => compare].boxed()
}

fn fits(op: CompareOp, data_type: DataType) -> bool {
    match data_type {
        DataType::String | DataType::Reference => true,
        DataType::DateTime | DataType::Integer | DataType::Decimal => !op.is_substring(),
        DataType::Boolean | DataType::Binary => matches!(op, CompareOp::Eq | CompareOp::Ne),
        DataType::Complex => false,
    }
}

/// What to compare with: values that stand there, in other letters and forms, parts of them, and others.
fn operands(place: &Place) -> Vec<Literal> {
    let mut all: Vec<Literal> = Vec::new();
    let mut push = |value: Literal| {
        if !all.contains(&value) {
            all.push(value);
        }
    };
    match place.definition.data_type {
        DataType::Boolean => [true, false].into_iter().map(Literal::Bool).for_each(push),
        DataType::Integer | DataType::Decimal => {
            let known = place.values.iter().filter_map(|value| match value {
                Value::Number(number) => Some(number.clone()),
                _ => None,
            });
            let others = [-1, 0, 7].map(serde_json::Number::from);
            known.chain(others).map(Literal::Number).for_each(push);
        }
        DataType::DateTime => {
            let known = place.values.iter().filter_map(Value::as_str);
            let others = [
                "1970-01-01T00:00:00Z",
                "2011-05-13T04:42:34+05:00",
                "2999-12-31T23:59:59Z",
            ];
            let texts = known.chain(others);
            texts
                .map(|text| Literal::String(text.to_owned()))
                .for_each(push);
        }
        DataType::String | DataType::Reference | DataType::Binary => {
            for text in place.values.iter().filter_map(Value::as_str) {
                variants(text).map(Literal::String).for_each(&mut push);
            }
            TEXTS
                .map(|text| Literal::String(text.to_owned()))
                .into_iter()
                .for_each(push);
        }
        DataType::Complex => {}
    }
    all
}

fn variants(text: &str) -> impl Iterator<Item = String> {
    let half = text.chars().count() / 2;
    [
        text.to_owned(),
        text.to_ascii_uppercase(),
        text.to_ascii_lowercase(),
        text.chars().take(half).collect(),
        text.chars().skip(half).collect(),
        text.nfd().collect(),
    ]
    .into_iter()
    .filter(|text| !text.is_empty())
}
