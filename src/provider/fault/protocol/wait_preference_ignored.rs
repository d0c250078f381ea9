//! Nobody waits.

use http::HeaderValue;

use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::respond::{Content, Reply};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A request whose client would rather wait is answered at once and processed later",
        WaitPreferenceIgnored,
    )
    .breaks(&["rfc9967-2.5.1.1-wait-preference-is-supported"])
}

struct WaitPreferenceIgnored;

impl Fault for WaitPreferenceIgnored {
    fn name(&self) -> &'static str {
        "wait-preference-ignored"
    }

    fn responded(&self, incoming: &Incoming, reply: &mut Reply) {
        let prefers = incoming.headers.get("prefer");
        let waits = prefers
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("wait="));
        if waits && reply.status == 200 {
            let fields = [
                ("set-txn", "4a1f0c9e"),
                ("preference-applied", "respond-async"),
            ];
            for (name, value) in fields {
                reply.headers.insert(name, HeaderValue::from_static(value));
            }
            reply.headers.remove("content-type");
            reply.status = 202;
            reply.body = Content::Empty;
        }
    }
}
