//! Searches need no credential.

use http::header;

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A search by POST needs no credential",
        AnonymousSearchAccepted,
    )
    .breaks(&["rfc7644-2-requests-need-authentication"])
}

struct AnonymousSearchAccepted;

impl Fault for AnonymousSearchAccepted {
    fn name(&self) -> &'static str {
        "anonymous-search-accepted"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        if incoming.path.ends_with("/.search")
            && !incoming.headers.contains_key(header::AUTHORIZATION)
        {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
