//! Rights are not looked at by DELETE.

use http::Method;

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A credential that may read only may delete",
        EveryCredentialMayDelete,
    )
    .breaks(&["rfc7644-2-clients-are-mapped-to-a-policy"])
}

struct EveryCredentialMayDelete;

impl Fault for EveryCredentialMayDelete {
    fn name(&self) -> &'static str {
        "every-credential-may-delete"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        if incoming.method == Method::DELETE
            && matches!(authenticated.outcome, Ok(Principal::Second))
        {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
