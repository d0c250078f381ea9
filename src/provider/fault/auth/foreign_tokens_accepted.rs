//! The audience of a token is not looked at.

use crate::provider::authenticate::{Authenticated, Principal, Stale};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A token that was issued for another audience is accepted",
        ForeignTokensAccepted,
    )
}

struct ForeignTokensAccepted;

impl Fault for ForeignTokensAccepted {
    fn name(&self) -> &'static str {
        "foreign-tokens-accepted"
    }

    fn authenticated(&self, _incoming: &Incoming, authenticated: &mut Authenticated) {
        if authenticated.stale == Some(Stale::Foreign) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
