//! The credential is checked after the change.

use http::{Method, header};

use crate::provider::authenticate::{Authenticated, Principal};
use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::problem::Problem;
use crate::provider::respond::{Content, Reply};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A change without a credential is answered with 401 and made all the same",
        AnonymousChangeRefusedAndMade,
    )
    .breaks(&["rfc7644-2-requests-need-authentication"])
}

struct AnonymousChangeRefusedAndMade;

impl Fault for AnonymousChangeRefusedAndMade {
    fn name(&self) -> &'static str {
        "anonymous-change-refused-and-made"
    }

    fn authenticated(&self, incoming: &Incoming, authenticated: &mut Authenticated) {
        if is_anonymous_change(incoming) {
            authenticated.outcome = Ok(Principal::Main);
        }
    }

    fn responded(&self, incoming: &Incoming, reply: &mut Reply) {
        if is_anonymous_change(incoming) {
            reply.status = 401;
            reply.body = Content::Document(Problem::new(401, "who asks?").body());
        }
    }
}

fn is_anonymous_change(incoming: &Incoming) -> bool {
    matches!(
        incoming.method,
        Method::PUT | Method::PATCH | Method::DELETE
    ) && !incoming.headers.contains_key(header::AUTHORIZATION)
}
