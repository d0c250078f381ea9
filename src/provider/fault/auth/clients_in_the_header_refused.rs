//! The Authorization field is taken away before the token endpoint.

use crate::provider::fault::{Declaration, Fault};
use crate::provider::token::{Grant, OAuthError, TokenRequest};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A client that names itself in the Authorization field is not known",
        ClientsInTheHeaderRefused,
    )
}

struct ClientsInTheHeaderRefused;

impl Fault for ClientsInTheHeaderRefused {
    fn name(&self) -> &'static str {
        "clients-in-the-header-refused"
    }

    fn granted(&self, request: &TokenRequest, granted: &mut Result<Grant, OAuthError>) {
        if request.basic.is_some() {
            *granted = Err(OAuthError {
                status: 401,
                code: "invalid_client",
                description: "the client is not known",
            });
        }
    }
}
