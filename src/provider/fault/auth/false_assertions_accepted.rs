//! Assertions are read and their signatures are not.

use std::time::Duration;

use crate::provider::fault::{Declaration, Fault};
use crate::provider::token::{Grant, OAuthError, TokenRequest};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A client assertion is accepted, whoever signed it",
        FalseAssertionsAccepted,
    )
}

struct FalseAssertionsAccepted;

impl Fault for FalseAssertionsAccepted {
    fn name(&self) -> &'static str {
        "false-assertions-accepted"
    }

    fn granted(&self, request: &TokenRequest, granted: &mut Result<Grant, OAuthError>) {
        if request.form.contains_key("client_assertion") {
            *granted = Ok(Grant {
                writes: true,
                lifetime: Duration::from_secs(3_600),
                stated: Duration::from_secs(3_600),
            });
        }
    }
}
