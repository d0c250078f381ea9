//! `Authorization: Bearer` without a token is accepted.

use http::header;

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new("An empty bearer token is accepted", EmptyBearerAccepted)
        .breaks(&["rfc7644-2-bearer-tokens-are-validated"])
}

struct EmptyBearerAccepted;

impl Fault for EmptyBearerAccepted {
    fn name(&self) -> &'static str {
        "empty-bearer-accepted"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        let field = incoming.headers.get(header::AUTHORIZATION);
        let text = field.and_then(|field| field.to_str().ok());
        if text.is_some_and(|text| text.trim().eq_ignore_ascii_case("bearer")) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
