//! Content negotiation comes first.

use http::header::ACCEPT;

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A request that is to be answered later is refused for the format that it accepts",
        AcceptRefusedBeforePreference,
    )
    .breaks(&["rfc9967-2.5.1.1-asynchronous-answers-disregard-accept"])
}

struct AcceptRefusedBeforePreference;

impl Fault for AcceptRefusedBeforePreference {
    fn name(&self) -> &'static str {
        "accept-refused-before-preference"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let accepted = incoming.headers.get(ACCEPT);
        if accepted.is_some_and(|value| value == "text/html") {
            *decoded = Err(Problem::new(406, "answers are application/scim+json"));
        }
    }
}
