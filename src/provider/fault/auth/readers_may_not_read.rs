//! Credentials may do everything or nothing.

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A credential that may read is refused a read",
        ReadersMayNotRead,
    )
    .breaks(&[
        "rfc7644-2-requests-are-judged-by-subject-and-resource",
        "rfc7644-7.7-access-tells-applications-from-users",
    ])
}

struct ReadersMayNotRead;

impl Fault for ReadersMayNotRead {
    fn name(&self) -> &'static str {
        "readers-may-not-read"
    }

    fn authenticated(&self, _incoming: &Incoming, authenticated: &mut Authenticated) {
        if matches!(authenticated.outcome, Ok(Principal::Second)) {
            authenticated.outcome = Err(Problem::new(403, "for administrators"));
        }
    }
}
