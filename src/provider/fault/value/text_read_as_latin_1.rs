//! UTF-8 is taken for Latin-1.

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::bulk::batch;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new("Request bodies are read as Latin-1", TextReadAsLatin1)
        .breaks(&["rfc7644-3.8-utf-8-json-is-accepted"])
}

struct TextReadAsLatin1;

impl Fault for TextReadAsLatin1 {
    fn name(&self) -> &'static str {
        "text-read-as-latin-1"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(Decoded {
            body: Ok(Some(body)),
            ..
        }) = decoded
        {
            batch::strings(body, &mut |text| {
                *text = text.bytes().map(char::from).collect();
            });
        }
    }
}
