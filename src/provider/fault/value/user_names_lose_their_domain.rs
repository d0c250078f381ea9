//! An address given as userName becomes a handle.

use serde_json::Value;

use crate::provider::decode::{Decoded, Incoming, Route};
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use crate::provider::store::Kind;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A userName that is an email address is kept without its domain",
        UserNamesLoseTheirDomain,
    )
}

struct UserNamesLoseTheirDomain;

impl Fault for UserNamesLoseTheirDomain {
    fn name(&self) -> &'static str {
        "user-names-lose-their-domain"
    }

    fn decoded(&self, _incoming: &Incoming, decoded: &mut Result<Decoded, Problem>) {
        if let Ok(Decoded {
            route: Route::Collection(Kind::User) | Route::Item(Kind::User, _),
            body: Ok(Some(Value::Object(body))),
            ..
        }) = decoded
            && let Some(Value::String(name)) = body.get_mut("userName")
            && let Some(at) = name.find('@')
        {
            name.truncate(at);
        }
    }
}
