//! No credential is needed.

use http::header;

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Requests without a credential are let in",
        AnonymousAccepted,
    )
    .breaks(&["rfc7644-2-requests-need-authentication"])
}

struct AnonymousAccepted;

impl Fault for AnonymousAccepted {
    fn name(&self) -> &'static str {
        "anonymous-accepted"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        if !incoming.headers.contains_key(header::AUTHORIZATION) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
