//! The secret of a client is not looked at.

use std::time::Duration;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::token::{Grant, OAuthError, TokenRequest};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A token is given out whoever the client is",
        AnyClientGetsAToken,
    )
}

struct AnyClientGetsAToken;

impl Fault for AnyClientGetsAToken {
    fn name(&self) -> &'static str {
        "any-client-gets-a-token"
    }

    fn granted(&self, _request: &TokenRequest, granted: &mut Result<Grant, OAuthError>) {
        if granted
            .as_ref()
            .is_err_and(|error| error.code == "invalid_client")
        {
            *granted = Ok(Grant {
                writes: true,
                lifetime: Duration::from_secs(3_600),
                stated: Duration::from_secs(3_600),
            });
        }
    }
}
