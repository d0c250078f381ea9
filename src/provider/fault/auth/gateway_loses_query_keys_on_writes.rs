//! The key of the URL gets lost on writes.

use http::HeaderMap;
use serde_json::json;

use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::gateway::Admission;
use crate::provider::respond::{Content, Reply};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A gateway takes its key in the query of reads alone",
        GatewayLosesQueryKeysOnWrites,
    )
}

struct GatewayLosesQueryKeysOnWrites;

impl Fault for GatewayLosesQueryKeysOnWrites {
    fn name(&self) -> &'static str {
        "gateway-loses-query-keys-on-writes"
    }

    fn admitted(&self, incoming: &Incoming, admission: &mut Admission) {
        if admission.in_query && incoming.method != http::Method::GET {
            admission.refusal = Some(Reply {
                status: 401,
                headers: HeaderMap::new(),
                body: Content::Document(json!({ "statusCode": 401, "message": "Access denied" })),
            });
        }
    }
}
