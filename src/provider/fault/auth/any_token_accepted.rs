//! Tokens are not validated.

use http::header;

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new("Every bearer token is accepted", AnyTokenAccepted)
        .breaks(&["rfc7644-2-bearer-tokens-are-validated"])
}

struct AnyTokenAccepted;

impl Fault for AnyTokenAccepted {
    fn name(&self) -> &'static str {
        "any-token-accepted"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        if incoming.headers.contains_key(header::AUTHORIZATION) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
