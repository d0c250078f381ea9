//! The token endpoint reads the Authorization field alone.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::token::{Grant, OAuthError, TokenRequest};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A client that names itself in the form is not known",
        ClientsInTheFormRefused,
    )
}

struct ClientsInTheFormRefused;

impl Fault for ClientsInTheFormRefused {
    fn name(&self) -> &'static str {
        "clients-in-the-form-refused"
    }

    fn granted(&self, request: &TokenRequest, granted: &mut Result<Grant, OAuthError>) {
        if request.basic.is_none() {
            *granted = Err(OAuthError {
                status: 401,
                code: "invalid_client",
                description: "the client is not known",
            });
        }
    }
}
