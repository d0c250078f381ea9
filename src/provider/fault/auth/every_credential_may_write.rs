//! All credentials have the same rights.

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A credential that may read only may write too",
        EveryCredentialMayWrite,
    )
    .breaks(&[
        "rfc7644-2-clients-are-mapped-to-a-policy",
        "rfc7644-2-requests-are-judged-by-subject-and-resource",
        "rfc7644-2.1-token-grants-limit-access",
        "rfc7644-7.7-access-tells-applications-from-users",
    ])
}

struct EveryCredentialMayWrite;

impl Fault for EveryCredentialMayWrite {
    fn name(&self) -> &'static str {
        "every-credential-may-write"
    }

    fn authenticated(&self, _incoming: &Incoming, authenticated: &mut Authenticated) {
        if matches!(authenticated.outcome, Ok(Principal::Second)) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }
}
