//! What filters compare with: values that stand there, what is like them, and what no server should take for them.

use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::learn::Place;
use crate::scim::datetime;
use crate::scim::filter::{CompareOp, Literal};
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

/// What to compare with: mostly values that stand there, as they are or in other letters and forms, and parts of them;
/// sometimes others.
pub(super) fn operands(place: &Place) -> Option<BoxedStrategy<Literal>> {
    let texts = |texts: Vec<String>| texts.into_iter().map(Literal::String).collect::<Vec<_>>();
    let known = |literals: &dyn Fn(&Value) -> Vec<Literal>| {
        let mut seen: Vec<&Value> = Vec::new();
        let mut all = Vec::new();
        for value in &place.values {
            let near = literals(value);
            if !seen.contains(&value) && !near.is_empty() {
                seen.push(value);
                // Letters of two code units are in few values.
                let rare = value
                    .as_str()
                    .is_some_and(|text| text.chars().any(|c| c > '\u{ffff}'));
                all.push((if rare { 2 } else { 1 }, select(near).boxed()));
            }
        }
        all
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let (near, others) = match place.definition.data_type {
        DataType::Boolean => (Vec::new(), vec![Literal::Bool(true), Literal::Bool(false)]),
        DataType::Integer | DataType::Decimal => {
            let number = |value: &Value| match value {
                Value::Number(number) => vec![Literal::Number(number.clone())],
                _ => Vec::new(),
            };
            let others = [-1, 0, 7].map(serde_json::Number::from);
            (known(&number), others.map(Literal::Number).to_vec())
        }
        DataType::DateTime => {
            let near = |value: &Value| texts(text(value).iter().flat_map(|it| times(it)).collect());
            let others = [
                "1970-01-01T00:00:00Z",
                "2011-05-13T04:42:34+05:00",
                "2999-12-31T23:59:59Z",
            ];
            (known(&near), texts(others.map(str::to_owned).to_vec()))
        }
        DataType::String | DataType::Reference | DataType::Binary => {
            let near = |value: &Value| {
                let text = text(value);
                texts(text.iter().flat_map(|it| variants(it)).collect())
            };
            (known(&near), texts(TEXTS.map(str::to_owned).to_vec()))
        }
        DataType::Complex => return None,
    };
    let others = select(others).boxed();
    if near.is_empty() {
        return Some(others);
    }
    Some(prop_oneof![6 => Union::new_weighted(near), 1 => others].boxed())
}

/// A time, as it is shown, as clocks show it that are half an hour off, and twenty minutes earlier and later there.
pub(super) fn times(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    if let Some(instant) = datetime::parse(text) {
        all.extend([0, -20, 20].map(|minutes| {
            let there = (instant + SignedDuration::from_mins(330 + minutes)).to_string();
            format!("{}+05:30", there.trim_end_matches('Z'))
        }));
    }
    all
}

/// The text in other letters and forms, and parts of it: as many whatever it is, none of them empty.
pub(super) fn forms(text: &str) -> Vec<String> {
    let half = text.chars().count() / 2;
    let next = |c: char| match c {
        '\u{10000}'..='\u{10fffe}' => char::from_u32(u32::from(c) + 1).unwrap_or(c),
        c => c,
    };
    let all = [
        text.to_owned(),
        text.to_ascii_uppercase(),
        text.to_ascii_lowercase(),
        text.chars().take(half).collect(),
        text.chars().skip(half).collect(),
        text.nfd().collect(),
        text.nfd().filter(char::is_ascii).collect(),
        text.chars().map(next).collect(),
    ];
    let whole = |part: String| {
        if part.trim().is_empty() {
            text.to_owned()
        } else {
            part
        }
    };
    all.map(whole).into()
}

/// The same, each once, and what is equal only to those who compare otherwise.
fn variants(text: &str) -> Vec<String> {
    let mut all = forms(text);
    if text.len() < 10 {
        all.push(format!("{text} "));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        all.push(format!("0{text}"));
    }
    let mut distinct: Vec<String> = Vec::new();
    for text in all {
        if !text.trim().is_empty() && !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

/// Whether a type has an operator (RFC 7644 §3.4.2.2, table 3).
pub(super) fn fits(op: CompareOp, data_type: DataType) -> bool {
    match data_type {
        DataType::String | DataType::Reference => true,
        DataType::DateTime | DataType::Integer | DataType::Decimal => !op.is_substring(),
        DataType::Boolean | DataType::Binary => matches!(op, CompareOp::Eq | CompareOp::Ne),
        DataType::Complex => false,
    }
}
