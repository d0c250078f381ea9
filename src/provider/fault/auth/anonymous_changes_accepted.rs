//! Changes need no credential.

use http::{Method, header};

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "PUT, PATCH and DELETE need no credential",
        AnonymousChangesAccepted,
    )
    .breaks(&["rfc7644-2-requests-need-authentication"])
}

struct AnonymousChangesAccepted;

impl Fault for AnonymousChangesAccepted {
    fn name(&self) -> &'static str {
        "anonymous-changes-accepted"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        let changes = matches!(
            incoming.method,
            Method::PUT | Method::PATCH | Method::DELETE
        );
        if changes && !incoming.headers.contains_key(header::AUTHORIZATION) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
