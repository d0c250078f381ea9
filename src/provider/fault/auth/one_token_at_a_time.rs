//! The token that came first is cached.

use std::sync::{Mutex, PoisonError};

use http::header;

use crate::provider::authenticate::Authenticated;
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "Of two tokens of the same client the first that came is taken alone",
        OneTokenAtATime::default(),
    )
}

#[derive(Default)]
struct OneTokenAtATime {
    first: Mutex<Option<Vec<u8>>>,
}

impl Fault for OneTokenAtATime {
    fn name(&self) -> &'static str {
        "one-token-at-a-time"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        let Some(field) = incoming.headers.get(header::AUTHORIZATION) else {
            return;
        };
        if authenticated.outcome.is_err() {
            return;
        }
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let first = first.get_or_insert_with(|| field.as_bytes().to_vec());
        if first.as_slice() != field.as_bytes() {
            authenticated.outcome = Err(Problem::new(401, "another token is in use"));
        }
    }
}
