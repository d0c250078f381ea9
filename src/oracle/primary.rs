//! At most one value is primary (RFC 7643 §2.4, RFC 7644 §3.5.2).

use serde_json::Value;

use super::choice::{Answers, Choice};
use super::outcome::Refused;
use crate::scim::error::ScimType;

/// Makes the values that a request set primary the only ones: `fresh` are their indices.
///
/// # Errors
/// A refusal, where there are several.
pub(super) fn settle(
    values: &mut [Value],
    fresh: &[usize],
    answers: &mut Answers,
) -> Result<(), Refused> {
    let keep = match fresh {
        [] => return Ok(()),
        [only] => Some(*only),
        [first, .., last] => match answers.ask(Choice::TwoPrimaries) {
            0 => return Err(Refused::with(&[ScimType::InvalidValue])),
            1 => Some(*last),
            2 => Some(*first),
            _ => None,
        },
    };
    for (index, value) in values.iter_mut().enumerate() {
        if Some(index) != keep && is_primary(value) {
            value["primary"] = Value::Bool(false);
        }
    }
    Ok(())
}

/// Whether a value is primary.
pub(super) fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}
