//! Whether what a target shows says the same as what was sent, in any of the ways in which a server may fairly put it.
//!
//! A server may trim text and use another normal form, fold letters where case does not count, write a time in
//! another zone and to the second, pad base64 or not, and add parts and values of its own (RFC 7644 §3.3).

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization as _;

use super::blame;
use crate::check::place::{brief, brief_or_absent};
use crate::scim::datetime;
use crate::scim::resource::{equal, is_assigned, member};
use crate::scim::schema::{Attribute, DataType, Mutability, Returned};

/// A difference that no fair server makes.
#[derive(Debug)]
pub(in crate::probe) struct Mismatch {
    /// The requirement that it breaks whatever the request was; absent where the request decides.
    pub(in crate::probe) requirement: Option<&'static str>,
    /// Where.
    pub(in crate::probe) at: String,
    /// What was sent.
    pub(in crate::probe) expected: String,
    /// What is shown.
    pub(in crate::probe) actual: String,
}

/// How far two decimals may be apart, of their size: what single precision keeps.
const PRECISION: f64 = 1e-6;

/// Compares what is shown of an attribute with what was sent; `at` is where it stands.
pub(in crate::probe) fn same(
    sent: &Value,
    shown: Option<&Value>,
    definition: &Attribute,
    at: &str,
) -> Result<(), Mismatch> {
    compare(sent, shown, definition, at, "")
}

fn compare(
    sent: &Value,
    shown: Option<&Value>,
    definition: &Attribute,
    at: &str,
    of: &str,
) -> Result<(), Mismatch> {
    let shown = shown.filter(|it| is_assigned(it));
    let wrong = |requirement| Err(mismatch(requirement, sent, shown, at));
    match (sent, shown) {
        (Value::Array(sent), Some(Value::Array(shown))) => lists(sent, shown, definition, at),
        (Value::Array(items), None) if items.is_empty() => Ok(()),
        (Value::Array(_), Some(_)) => wrong(Some(blame::ARRAYS)),
        (_, Some(Value::Array(_))) => wrong(Some(blame::SINGULAR)),
        _ => one(sent, shown, definition, at, of),
    }
}

fn mismatch(
    requirement: Option<&'static str>,
    sent: &Value,
    shown: Option<&Value>,
    at: &str,
) -> Mismatch {
    Mismatch {
        requirement,
        at: at.to_owned(),
        expected: brief(sent),
        actual: brief_or_absent(shown),
    }
}

fn lists(
    sent: &[Value],
    shown: &[Value],
    definition: &Attribute,
    at: &str,
) -> Result<(), Mismatch> {
    let fits = |a: &Value, b: &Value| one(a, Some(b), definition, at, "").is_ok();
    let mut open: Vec<&Value> = shown.iter().collect();
    let mut missing = Vec::new();
    let said = |item: &&Value| {
        item.as_object()
            .is_none_or(|parts| parts.values().any(says))
    };
    for item in sent.iter().filter(said) {
        match open.iter().position(|other| fits(item, other)) {
            Some(found) => drop(open.remove(found)),
            None => missing.push(item),
        }
    }
    let whole = |expected: &Value| Mismatch {
        requirement: None,
        at: at.to_owned(),
        expected: brief(expected),
        actual: brief(&Value::from(shown.to_vec())),
    };
    match (missing.as_slice(), open.as_slice()) {
        ([], _) => match open.iter().find(|it| is_twice(it, shown)) {
            Some(twice) => Err(Mismatch {
                expected: format!("{} once", brief(twice)),
                ..whole(twice)
            }),
            None => Ok(()),
        },
        ([item], [other]) => {
            let place = format!("{at}/*");
            one(item, Some(other), definition, &place, "").and_then(|()| Err(whole(item)))
        }
        ([item, ..], _) => Err(whole(item)),
    }
}

/// Whether a value stands among others more than once.
fn is_twice(value: &Value, among: &[Value]) -> bool {
    let same = among.iter().filter(|it| equal(value, it, None).is_ok());
    same.count() > 1
}

fn one(
    sent: &Value,
    shown: Option<&Value>,
    definition: &Attribute,
    at: &str,
    of: &str,
) -> Result<(), Mismatch> {
    if definition.data_type != DataType::Complex {
        return simple(sent, shown, definition, at, of);
    }
    match (sent, shown) {
        (Value::Object(sent), Some(Value::Object(_))) => parts(sent, shown, definition, at),
        (Value::Object(sent), None) if !sent.values().any(says) => Ok(()),
        (_, Some(other)) if !other.is_object() => {
            Err(mismatch(Some(blame::OBJECTS), sent, shown, at))
        }
        _ => Err(mismatch(None, sent, shown, at)),
    }
}

/// Whether a part says something that its absence does not.
fn says(value: &Value) -> bool {
    *value != Value::Bool(false)
}

fn parts(
    sent: &Map<String, Value>,
    shown: Option<&Value>,
    definition: &Attribute,
    at: &str,
) -> Result<(), Mismatch> {
    for (name, value) in sent {
        let Some(sub) = definition.sub(name).filter(|sub| is_shown(sub)) else {
            continue;
        };
        let found = shown.and_then(|shown| member(shown, name));
        // A value without a primary mark is not primary (RFC 7643 §2.4).
        if found.is_none_or(Value::is_null) && name == "primary" && !says(value) {
            continue;
        }
        compare(value, found, sub, &format!("{at}/{name}"), &definition.name)?;
    }
    Ok(())
}

/// Whether a representation shows what a client wrote there.
fn is_shown(sub: &Attribute) -> bool {
    matches!(sub.returned, Returned::Always | Returned::Default)
        && matches!(
            sub.mutability,
            Mutability::ReadWrite | Mutability::Immutable
        )
}

fn simple(
    sent: &Value,
    shown: Option<&Value>,
    definition: &Attribute,
    at: &str,
    of: &str,
) -> Result<(), Mismatch> {
    let wrong = |requirement| Err(mismatch(requirement, sent, shown, at));
    let Some(found) = shown else {
        return wrong(None);
    };
    let form = Some(blame::form(definition.data_type));
    let held = match (definition.data_type, sent, found) {
        (DataType::Boolean, Value::Bool(_), Value::Bool(_)) => sent == found,
        (DataType::Integer, Value::Number(a), Value::Number(b)) if !b.is_f64() => a == b,
        (DataType::Decimal, Value::Number(a), Value::Number(b)) => near(a.as_f64(), b.as_f64()),
        (DataType::DateTime, Value::String(a), Value::String(b)) => match datetime::parse(b) {
            None => return wrong(form),
            Some(b) => datetime::parse(a).is_some_and(|a| a.duration_since(b).abs().as_secs() < 1),
        },
        (DataType::Binary, Value::String(a), Value::String(b)) => match bytes(b) {
            None => return wrong(form),
            Some(b) if bytes(a).as_ref() == Some(&b) => true,
            Some(_) => return wrong(Some(blame::BYTES)),
        },
        (DataType::Reference, Value::String(a), Value::String(b)) => links(a, b),
        (DataType::String, Value::String(a), Value::String(b)) => {
            let numbers = of == "phoneNumbers" && dialled(a) == dialled(b);
            match numbers || texts(a, b, definition) {
                true => true,
                false if lower(a) == lower(b) => return wrong(Some(blame::CASE)),
                false => return wrong(Some(blame::UNICODE)),
            }
        }
        _ => return wrong(form),
    };
    if held { Ok(()) } else { wrong(None) }
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    let (Some(a), Some(b)) = (a, b) else {
        return false;
    };
    (a - b).abs() <= PRECISION * a.abs().max(b.abs())
}

/// The bytes that base64 text stands for, of either alphabet, padded or not.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [STANDARD, URL_SAFE]
        .iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok())
}

fn links(a: &str, b: &str) -> bool {
    let parsed = |text: &str| url::Url::parse(text).ok();
    a == b || matches!((parsed(a), parsed(b)), (Some(a), Some(b)) if a == b)
}

/// Whether two texts are one, but for white space around and within, the normal form, and letter case where that does
/// not count.
fn texts(a: &str, b: &str, definition: &Attribute) -> bool {
    let [a, b] = [a, b].map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let [a, b] = [a, b].map(|text| text.nfc().collect::<String>());
    a == b || (!definition.case_exact && lower(&a) == lower(&b))
}

fn lower(text: &str) -> String {
    text.nfc().collect::<String>().to_lowercase()
}

/// What of a phone number is dialled.
fn dialled(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::schema::SchemaSet;
    use serde_json::json;

    fn attribute(data_type: DataType) -> Attribute {
        Attribute {
            name: "it".to_owned(),
            data_type,
            ..Attribute::default()
        }
    }

    fn check(data_type: DataType, sent: &Value, shown: &Value, expected: Result<(), Option<&str>>) {
        let found = same(sent, Some(shown), &attribute(data_type), "/it");
        let found = found.map_err(|it| it.requirement);
        assert_eq!(found, expected, "{sent} {shown}");
    }

    #[test]
    fn fair_answers_say_the_same() {
        for (data_type, sent, shown) in [
            (DataType::String, json!(" a  b "), json!("a b")),
            (DataType::String, json!("e\u{301}"), json!("\u{e9}")),
            (DataType::String, json!("Ab"), json!("aB")),
            (DataType::Decimal, json!(1.005), json!(1.005_000_1)),
            (DataType::Decimal, json!(3), json!(3.0)),
            (
                DataType::DateTime,
                json!("2020-06-30T12:00:00.250+02:00"),
                json!("2020-06-30T10:00:00Z"),
            ),
            (DataType::Binary, json!("+/8+/w=="), json!("-_8-_w")),
            (
                DataType::Reference,
                json!("https://x.example"),
                json!("https://x.example/"),
            ),
        ] {
            check(data_type, &sent, &shown, Ok(()));
        }
    }

    #[test]
    fn unfair_answers_break_what_they_break() {
        for (data_type, sent, shown, requirement) in [
            (
                DataType::String,
                json!("abc"),
                json!("ab"),
                Some(blame::UNICODE),
            ),
            (DataType::String, json!("7"), json!(7), Some(blame::STRINGS)),
            (
                DataType::Integer,
                json!(-7),
                json!("-7"),
                Some(blame::INTEGERS),
            ),
            (
                DataType::Integer,
                json!(7),
                json!(7.0),
                Some(blame::INTEGERS),
            ),
            (DataType::Integer, json!(7), json!(8), None),
            (DataType::Decimal, json!(1.005), json!(1.0), None),
            (
                DataType::Boolean,
                json!(false),
                json!("false"),
                Some(blame::BOOLEANS),
            ),
            (DataType::Boolean, json!(false), Value::Null, None),
            (
                DataType::Binary,
                json!("+/8="),
                json!("AA=="),
                Some(blame::BYTES),
            ),
        ] {
            check(data_type, &sent, &shown, Err(requirement));
        }
    }

    #[test]
    fn values_come_in_any_order_with_parts_of_the_servers_own() {
        let users = SchemaSet::rfc_user();
        let emails = users.attribute("emails").unwrap();
        let sent = json!([{"value": "a", "primary": false}, {"value": "b", "type": "x"}]);
        let check = |shown: Value, held: bool| {
            let found = same(&sent, Some(&shown), emails, "/emails");
            assert_eq!(found.is_ok(), held, "{shown} {found:?}");
        };
        check(
            json!([{"value": "b", "type": "x", "display": "B"}, {"value": "a"}]),
            true,
        );
        check(
            json!([{"value": "a"}, {"value": "b", "type": "x"}, {"value": "c"}]),
            true,
        );
        check(
            json!([{"value": "a"}, {"value": "b", "type": "x"}, {"value": "a"}]),
            false,
        );
        check(json!([{"value": "a"}, {"value": "b"}]), false);
        check(json!([{"value": "a"}]), false);
        check(json!({"value": "a"}), false);
    }
}
