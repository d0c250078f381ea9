//! Bulk requests need no credential.

use http::header;

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::{Incoming, Route};
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new("A bulk request needs no credential", AnonymousBulkAccepted)
        .breaks(&["rfc7644-2-requests-need-authentication"])
}

struct AnonymousBulkAccepted;

impl Fault for AnonymousBulkAccepted {
    fn name(&self) -> &'static str {
        "anonymous-bulk-accepted"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        if incoming.route() == Route::Bulk && !incoming.headers.contains_key(header::AUTHORIZATION)
        {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
