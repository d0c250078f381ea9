//! The label is compared as text.

use http::header;

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A label whose charset stands in quotes is refused",
        QuotedCharsetRefused,
    )
}

struct QuotedCharsetRefused;

impl Fault for QuotedCharsetRefused {
    fn name(&self) -> &'static str {
        "quoted-charset-refused"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let label = incoming.headers.get(header::CONTENT_TYPE);
        if label.is_some_and(|label| label.as_bytes().contains(&b'"')) {
            *decoded = Err(Problem::new(415, "the label of the body is unknown"));
        }
    }
}
