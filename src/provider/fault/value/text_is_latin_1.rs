//! Text is kept in a column of Latin-1.

use serde_json::Value;

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Characters outside Latin-1 are replaced by question marks",
        TextIsLatin1,
    )
    .breaks(&["rfc7643-2.3.1-strings-keep-their-unicode-text"])
}

struct TextIsLatin1;

impl Fault for TextIsLatin1 {
    fn name(&self) -> &'static str {
        "text-is-latin-1"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(Decoded {
            body: Ok(Some(body)),
            ..
        }) = decoded
        {
            narrow(body);
        }
    }
}

fn narrow(value: &mut Value) {
    match value {
        Value::String(text) => {
            *text = text
                .chars()
                .map(|c| if c > '\u{ff}' { '?' } else { c })
                .collect();
        }
        Value::Array(values) => values.iter_mut().for_each(narrow),
        Value::Object(members) => members.values_mut().for_each(narrow),
        _ => {}
    }
}
