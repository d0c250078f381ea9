//! A header field overrides the method of a POST.

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "X-HTTP-Method-Override of a POST is honoured",
        MethodOverrideHonoured,
    )
    .breaks(&["rfc7644-3.2-no-method-override"])
}

struct MethodOverrideHonoured;

impl Fault for MethodOverrideHonoured {
    fn name(&self) -> &'static str {
        "method-override-honoured"
    }

    fn decoded(&self, incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(decoded) = decoded
            && decoded.method == http::Method::POST
            && let Some(field) = incoming.headers.get("x-http-method-override")
            && let Ok(method) = http::Method::from_bytes(field.as_bytes())
        {
            decoded.method = method;
        }
    }
}
