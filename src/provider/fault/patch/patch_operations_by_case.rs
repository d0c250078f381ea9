//! The names in a PATCH message are compared with case.

use http::Method;

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A PATCH body that writes operations in lower case is refused",
        PatchOperationsByCase,
    )
    .breaks(&["rfc7643-2.1-attribute-names-ignore-case"])
}

struct PatchOperationsByCase;

impl Fault for PatchOperationsByCase {
    fn name(&self) -> &'static str {
        "patch-operations-by-case"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        let missing = match decoded {
            Ok(Decoded {
                body: Ok(Some(body)),
                ..
            }) => body.get("Operations").is_none(),
            _ => false,
        };
        if incoming.method == Method::PATCH && missing {
            *decoded = Err(Problem::syntax("there are no Operations"));
        }
    }
}
