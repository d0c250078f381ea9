//! Reads the PatchOp message: what is wrong with it as a message is refused here.

use serde_json::{Map, Value};

use crate::oracle::choice::{Answers, Choice};
use crate::oracle::outcome::Refused;
use crate::scim::error::ScimType;
use crate::scim::resource::member;
use crate::scim::urn;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Add,
    Replace,
    Remove,
}

/// One operation.
pub(super) struct Operation<'a> {
    pub(super) kind: Kind,
    pub(super) path: Option<&'a str>,
    pub(super) value: Option<&'a Value>,
}

fn malformed() -> Refused {
    Refused::with(&[ScimType::InvalidSyntax, ScimType::InvalidValue])
}

/// The operations of a message.
///
/// # Errors
/// A refusal, where the message is none.
pub(super) fn read<'a>(
    body: &'a Value,
    answers: &mut Answers,
) -> Result<Vec<Operation<'a>>, Refused> {
    if !body.is_object() {
        return Err(malformed());
    }
    if !urn::listed(body, urn::PATCH_OP) && answers.first(Choice::MissingSchemas) {
        return Err(malformed());
    }
    let operations = member(body, "Operations");
    if body.get("Operations").is_none()
        && operations.is_some()
        && !answers.first(Choice::MemberSpelling)
    {
        return Err(malformed());
    }
    let items: &[Value] = match operations {
        Some(Value::Array(items)) => items,
        Some(single @ Value::Object(_)) if !answers.first(Choice::SingleOperation) => {
            std::slice::from_ref(single)
        }
        None => &[],
        Some(_) => return Err(malformed()),
    };
    if items.is_empty() && answers.first(Choice::NoOperations) {
        return Err(malformed());
    }
    items.iter().map(|item| operation(item, answers)).collect()
}

fn operation<'a>(item: &'a Value, answers: &mut Answers) -> Result<Operation<'a>, Refused> {
    let op = member(item, "op")
        .and_then(Value::as_str)
        .ok_or_else(malformed)?;
    let kind = match op.to_ascii_lowercase().as_str() {
        "add" => Kind::Add,
        "replace" => Kind::Replace,
        "remove" => Kind::Remove,
        _ => return Err(malformed()),
    };
    if op.chars().any(char::is_uppercase) && !answers.first(Choice::OpCase) {
        return Err(malformed());
    }
    let path = match member(item, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) => Some(path.as_str()),
        Some(_) => {
            let keywords = [
                ScimType::InvalidPath,
                ScimType::InvalidSyntax,
                ScimType::InvalidValue,
            ];
            return Err(Refused::with(&keywords));
        }
    };
    let value = item.as_object().and_then(value_of);
    match (kind, value) {
        (Kind::Add, None) => Err(malformed()),
        (Kind::Replace, None) if path.is_none() || answers.first(Choice::ReplaceWithoutValue) => {
            Err(malformed())
        }
        // It is not defined for remove.
        (Kind::Remove, Some(idle))
            if path.is_some() && !idle.is_null() && !answers.first(Choice::IdleValue) =>
        {
            Err(malformed())
        }
        _ => Ok(Operation { kind, path, value }),
    }
}

fn value_of(members: &Map<String, Value>) -> Option<&Value> {
    let named = |(name, _): &(&String, &Value)| name.eq_ignore_ascii_case("value");
    members.iter().find(named).map(|(_, value)| value)
}
