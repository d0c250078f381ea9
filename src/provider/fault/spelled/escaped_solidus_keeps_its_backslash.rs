//! Only the escapes are undone that the writer makes itself.

use super::spelling;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::bulk::batch;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "The backslash of an escaped solidus stays in the text",
        EscapedSolidusKeepsItsBackslash,
    )
}

struct EscapedSolidusKeepsItsBackslash;

impl Fault for EscapedSolidusKeepsItsBackslash {
    fn name(&self) -> &'static str {
        "escaped-solidus-keeps-its-backslash"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(Decoded {
            body: Ok(Some(body)),
            ..
        }) = decoded
            && spelling(incoming).contains("\\/")
        {
            batch::strings(body, &mut |text| *text = text.replace('/', "\\/"));
        }
    }
}
