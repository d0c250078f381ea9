//! An escape is a character of sixteen bits, and half a pair is none.

use super::spelling;
use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::bulk::batch;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Escaped surrogate pairs are left out of texts",
        SurrogatePairsDropped,
    )
}

struct SurrogatePairsDropped;

impl Fault for SurrogatePairsDropped {
    fn name(&self) -> &'static str {
        "surrogate-pairs-dropped"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(Decoded {
            body: Ok(Some(body)),
            ..
        }) = decoded
            && spelling(incoming).contains("\\ud8")
        {
            batch::strings(body, &mut |text| text.retain(|c| u32::from(c) <= 0xffff));
        }
    }
}
