//! The clock of the token endpoint is behind.

use std::time::Duration;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::token::{Grant, OAuthError, TokenRequest};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A token that was given out has expired already",
        TokensExpireAtOnce,
    )
}

struct TokensExpireAtOnce;

impl Fault for TokensExpireAtOnce {
    fn name(&self) -> &'static str {
        "tokens-expire-at-once"
    }

    fn granted(&self, _request: &TokenRequest, granted: &mut Result<Grant, OAuthError>) {
        if let Ok(grant) = granted {
            grant.lifetime = Duration::ZERO;
        }
    }
}
