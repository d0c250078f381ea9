//! Whether a value fits its attribute, and what would be stored of it.

use serde_json::{Map, Number, Value};

use super::World;
use super::choice::{Answers, Choice};
use super::outcome::Refused;
use crate::scim::datetime;
use crate::scim::error::ScimType;
use crate::scim::resource::{equal, is_assigned};
use crate::scim::schema::{Attribute, DataType, Mutability};

/// A value that does not fit.
pub(super) fn unfit() -> Refused {
    Refused::with(&[ScimType::InvalidValue, ScimType::InvalidSyntax])
}

/// What would be stored of the values of a multi-valued attribute.
///
/// # Errors
/// A refusal, where one does not fit.
pub(super) fn fit_list(
    value: &Value,
    attribute: &Attribute,
    world: World<'_>,
    answers: &mut Answers,
) -> Result<Vec<Value>, Refused> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => {
            let suits = (attribute.data_type == DataType::Complex) == single.is_object();
            if !suits || !answers.first(Choice::SingleForList) {
                return Err(unfit());
            }
            std::slice::from_ref(single)
        }
    };
    let mut fitting = Vec::new();
    for item in items {
        if item.is_null() {
            if answers.first(Choice::Null) {
                continue;
            }
            return Err(unfit());
        }
        let item = fit(item, attribute, world, answers)?;
        if is_assigned(&item) {
            fitting.push(item);
        }
    }
    Ok(fitting)
}

/// Adds one value to a list; gives its index, or that of the one that it repeats.
///
/// # Errors
/// A refusal, where the server minds the repetition.
pub(super) fn append(
    values: &mut Vec<Value>,
    value: Value,
    attribute: &Attribute,
    answers: &mut Answers,
) -> Result<usize, Refused> {
    let exact = values
        .iter()
        .position(|it| identical(it, &value, attribute));
    let alike = values.iter().position(|it| same(it, &value, attribute));
    let repeated = match (exact, alike) {
        (None, Some(at)) if answers.first(Choice::PrimaryOmitted) => Some(at),
        (exact, _) => exact,
    };
    if let Some(at) = repeated {
        match answers.ask(Choice::DuplicateAdded) {
            0 => return Ok(at),
            1 => {}
            _ => {
                let keywords = [ScimType::InvalidValue, ScimType::Uniqueness];
                return Err(Refused::with(&keywords).statuses(&[400, 409]));
            }
        }
    } else if let Some(at) = values.iter().position(|it| similar(it, &value, attribute))
        && alike.is_none()
        && attribute.data_type == DataType::Complex
        && value.get("value").is_some()
    {
        match answers.ask(Choice::SimilarAdded) {
            0 => {}
            1 => return Ok(at),
            _ => {
                if let Some(old) = values.get_mut(at) {
                    merge(old, value);
                }
                return Ok(at);
            }
        }
    }
    values.push(value);
    Ok(values.len() - 1)
}

/// What would be stored of one value; names are spelled as the schema does.
///
/// # Errors
/// A refusal, where it does not fit.
pub(super) fn fit(
    value: &Value,
    attribute: &Attribute,
    world: World<'_>,
    answers: &mut Answers,
) -> Result<Value, Refused> {
    let fitting = match attribute.data_type {
        DataType::Complex => fit_complex(value, attribute, world, answers)?,
        simple => fit_simple(value, simple, answers)?,
    };
    let canonical = &attribute.canonical_values;
    let odd = fitting
        .as_str()
        .is_some_and(|text| !canonical.iter().any(|it| it.eq_ignore_ascii_case(text)));
    if odd && !canonical.is_empty() && !answers.first(Choice::Canonical) {
        return Err(Refused::with(&[ScimType::InvalidValue]));
    }
    Ok(fitting)
}

fn fit_complex(
    value: &Value,
    attribute: &Attribute,
    world: World<'_>,
    answers: &mut Answers,
) -> Result<Value, Refused> {
    let Value::Object(members) = value else {
        return Err(unfit());
    };
    let mut fitting = Map::new();
    for (name, value) in members {
        let Some(sub) = attribute.sub(name) else {
            if answers.first(Choice::UnknownSub) {
                continue;
            }
            let keywords = [
                ScimType::InvalidValue,
                ScimType::InvalidSyntax,
                ScimType::InvalidPath,
            ];
            return Err(Refused::with(&keywords));
        };
        if sub.mutability == Mutability::ReadOnly {
            if answers.first(Choice::ReadOnlySub) {
                continue;
            }
            return Err(Refused::with(&[ScimType::Mutability]));
        }
        // A null stays: merging it unassigns the sub-attribute.
        let value = match value {
            Value::Null => Value::Null,
            value if sub.multi_valued => fit_list(value, sub, world, answers)?.into(),
            value => fit(value, sub, world, answers)?,
        };
        fitting.insert(sub.name.clone(), value);
    }
    if attribute.sub("$ref").is_some() {
        check_reference(fitting.get("value"), world, answers)?;
    }
    Ok(Value::Object(fitting))
}

/// The `value` of an attribute that refers to resources.
///
/// # Errors
/// A refusal, where no such resource exists and the server minds.
pub(super) fn check_reference(
    id: Option<&Value>,
    world: World<'_>,
    answers: &mut Answers,
) -> Result<(), Refused> {
    let dangling = id
        .and_then(Value::as_str)
        .is_some_and(|id| !(world.exists)(id));
    if dangling && !answers.first(Choice::Dangling) {
        let keywords = [ScimType::InvalidValue, ScimType::NoTarget];
        return Err(Refused::with(&keywords).statuses(&[400, 404]));
    }
    Ok(())
}

fn fit_simple(value: &Value, wanted: DataType, answers: &mut Answers) -> Result<Value, Refused> {
    let fits = match wanted {
        DataType::Boolean => value.is_boolean(),
        DataType::Integer => value.is_i64() || value.is_u64(),
        DataType::Decimal => value.is_number(),
        DataType::DateTime => value
            .as_str()
            .is_some_and(|it| datetime::parse(it).is_some()),
        DataType::String | DataType::Reference | DataType::Binary => value.is_string(),
        DataType::Complex => value.is_object(),
    };
    if fits {
        let text = value.as_str().unwrap_or("");
        if wanted == DataType::Binary && !is_base64(text) && answers.first(Choice::NotBase64) {
            return Err(unfit());
        }
        if wanted == DataType::Reference && !is_uri(text) && answers.first(Choice::NotUri) {
            return Err(unfit());
        }
        return Ok(value.clone());
    }
    match coerced(value, wanted) {
        Some(value) if answers.first(Choice::Coercion) => Ok(value),
        _ => Err(unfit()),
    }
}

/// Whether every server has to take a text for base64: the standard alphabet, padded (RFC 7643 §2.3.6,
/// RFC 4648 §3.2 and §4).
pub(super) fn is_base64(text: &str) -> bool {
    let bare = text.trim_end_matches('=');
    let whole = text.len().is_multiple_of(4) && text.len() - bare.len() <= 2;
    whole
        && bare
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

/// Whether every server has to take a text for a URI.
pub(super) fn is_uri(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
    let base = url::Url::parse("http://service.invalid/").ok();
    !text.is_empty()
        && text.bytes().all(fits)
        && url::Url::options()
            .base_url(base.as_ref())
            .parse(text)
            .is_ok()
}

/// What a forgiving server makes of a value of another type.
fn coerced(value: &Value, wanted: DataType) -> Option<Value> {
    match (wanted, value) {
        (DataType::Boolean, Value::String(text)) => match text.to_ascii_lowercase().as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        (DataType::Integer, Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
        (DataType::Integer, Value::Number(number)) => {
            let float = number.as_f64()?;
            let whole = float.fract() == 0.0 && float.abs() < 9e15;
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
            whole.then(|| Value::from(float as i64))
        }
        (DataType::Decimal, Value::String(text)) => {
            Number::from_f64(text.parse().ok()?).map(Value::Number)
        }
        (DataType::String, Value::Bool(_) | Value::Number(_)) => Some(value.to_string().into()),
        _ => None,
    }
}

/// Whether two values of an attribute are the same, for adding and removing: references by what
/// they refer to, others whole (a missing `primary` is false).
pub(super) fn same(a: &Value, b: &Value, attribute: &Attribute) -> bool {
    let plain = |value: &Value| {
        let mut value = value.clone();
        if let Some(members) = value.as_object_mut()
            && members.get("primary") == Some(&Value::Bool(false))
        {
            members.remove("primary");
        }
        value
    };
    identical(&plain(a), &plain(b), attribute)
}

/// The same, but that a missing `primary` is something else than false.
fn identical(a: &Value, b: &Value, attribute: &Attribute) -> bool {
    let by_value = attribute.sub("$ref").and(attribute.sub("value"));
    if let (Some(sub), Some(a), Some(b)) = (by_value, a.get("value"), b.get("value")) {
        return equal(a, b, Some(sub)).is_ok();
    }
    equal(a, b, Some(attribute)).is_ok()
}

/// Whether two values agree in `value` and `type`, where they have those.
fn similar(a: &Value, b: &Value, attribute: &Attribute) -> bool {
    let agree = |name: &str| match (attribute.sub(name), a.get(name), b.get(name)) {
        (Some(sub), Some(a), Some(b)) => equal(a, b, Some(sub)).is_ok(),
        _ => name != "value",
    };
    agree("value") && agree("type")
}

/// Puts the members of one object into another; null and empty ones are taken out.
pub(super) fn merge(into: &mut Value, from: Value) {
    let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) else {
        return;
    };
    for (name, value) in from {
        if is_assigned(&value) {
            into.insert(name, value);
        } else {
            into.shift_remove(&name);
        }
    }
}
