//! Tokens never expire.

use crate::provider::authenticate::{Authenticated, Principal, Stale};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A token that has expired is accepted",
        ExpiredTokensAccepted,
    )
    .breaks(&["rfc7644-7.4-bearer-tokens-expire"])
}

struct ExpiredTokensAccepted;

impl Fault for ExpiredTokensAccepted {
    fn name(&self) -> &'static str {
        "expired-tokens-accepted"
    }

    fn authenticated(&self, _incoming: &Incoming, authenticated: &mut Authenticated) {
        if authenticated.stale == Some(Stale::Expired) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
