//! Tokens are never taken back.

use crate::provider::authenticate::{Authenticated, Principal, Stale};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A token that was taken back is accepted",
        RevokedTokensAccepted,
    )
}

struct RevokedTokensAccepted;

impl Fault for RevokedTokensAccepted {
    fn name(&self) -> &'static str {
        "revoked-tokens-accepted"
    }

    fn authenticated(&self, _incoming: &Incoming, authenticated: &mut Authenticated) {
        if authenticated.stale == Some(Stale::Revoked) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
