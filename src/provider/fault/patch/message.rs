//! The message of a PATCH, for the faults that read it otherwise.

use http::Method;
use serde_json::{Map, Value};

use crate::provider::decode::{Decoded, Incoming};
use crate::provider::problem::Problem;

/// The members of the message; none of another request, or of a body that is no object.
pub(super) fn members<'a>(
    incoming: &Incoming,
    decoded: &'a mut Result<Decoded, Problem>,
) -> Option<&'a mut Map<String, Value>> {
    match decoded {
        Ok(Decoded {
            body: Ok(Some(Value::Object(members))),
            ..
        }) if incoming.method == Method::PATCH => Some(members),
        _ => None,
    }
}
