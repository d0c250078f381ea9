//! Basic authentication lets everybody in.

use http::header;

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new("Any user name and password are accepted", BasicAccepted)
        .breaks(&["rfc7644-2-bearer-tokens-are-validated"])
}

struct BasicAccepted;

impl Fault for BasicAccepted {
    fn name(&self) -> &'static str {
        "basic-accepted"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        let sent = incoming.headers.get(header::AUTHORIZATION);
        if sent.is_some_and(|field| field.as_bytes().starts_with(b"Basic ")) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
