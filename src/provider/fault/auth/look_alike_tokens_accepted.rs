//! Tokens are read and their signatures are not.

use http::header;

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A JWT is accepted, whoever signed it and for whomever it was made",
        LookAlikeTokensAccepted,
    )
}

struct LookAlikeTokensAccepted;

impl Fault for LookAlikeTokensAccepted {
    fn name(&self) -> &'static str {
        "look-alike-tokens-accepted"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        let field = incoming.headers.get(header::AUTHORIZATION);
        let presented = field.and_then(|field| field.to_str().ok());
        // The base64 form of `{"`, with which the header of a JWT begins.
        if presented.is_some_and(|text| text.starts_with("Bearer eyJ")) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
