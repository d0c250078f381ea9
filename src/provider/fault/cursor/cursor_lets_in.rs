//! Whoever has a cursor is let in.

use super::page_cursor::in_url;
use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new("A cursor opens its page without a credential", CursorLetsIn)
        .breaks(&["rfc9865-5.2-every-page-is-authorized"])
}

struct CursorLetsIn;

impl Fault for CursorLetsIn {
    fn name(&self) -> &'static str {
        "cursor-lets-in"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        if in_url(incoming).is_some() && authenticated.outcome.is_err() {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
