//! A number ends where its digits end.

use serde_json::Value;

use super::spelling;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("Exponents of decimals are passed over", ExponentsIgnored)
}

struct ExponentsIgnored;

impl Fault for ExponentsIgnored {
    fn name(&self) -> &'static str {
        "exponents-ignored"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let text = spelling(incoming);
        // In a text it is followed by something else.
        let has_exponent = text.as_bytes().windows(5).any(|part| {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || b",}]".contains(byte);
            part.first().is_some_and(u8::is_ascii_digit)
                && part.get(1..4) == Some(b"e-1")
                && part.last().is_some_and(ends)
        });
        if let Ok(Decoded {
            body: Ok(Some(body)),
            ..
        }) = decoded
            && has_exponent
        {
            multiply(body);
        }
    }
}

/// Takes the exponent out of every number that can have had one.
fn multiply(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(multiply),
        Value::Object(members) => members.values_mut().for_each(multiply),
        Value::Number(number) if number.is_f64() => {
            *value = Value::from(number.as_f64().unwrap_or_default() * 10.0);
        }
        _ => {}
    }
}
