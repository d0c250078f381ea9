//! What a client was granted is not looked at.

use std::time::Duration;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::token::{Grant, OAuthError, TokenRequest};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A token is given out whatever the grant is",
        AnyGrantGetsAToken,
    )
}

struct AnyGrantGetsAToken;

impl Fault for AnyGrantGetsAToken {
    fn name(&self) -> &'static str {
        "any-grant-gets-a-token"
    }

    fn granted(&self, _request: &TokenRequest, granted: &mut Result<Grant, OAuthError>) {
        let known = ["invalid_grant", "unsupported_grant_type"];
        if granted
            .as_ref()
            .is_err_and(|error| known.contains(&error.code))
        {
            *granted = Ok(Grant {
                writes: true,
                lifetime: Duration::from_secs(3_600),
                stated: Duration::from_secs(3_600),
            });
        }
    }
}
