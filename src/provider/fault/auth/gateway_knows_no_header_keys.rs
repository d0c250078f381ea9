//! The policy reads the query alone.

use http::HeaderMap;
use serde_json::json;

use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::gateway::Admission;
use crate::provider::respond::{Content, Reply};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A gateway does not take its key as a header field",
        GatewayKnowsNoHeaderKeys,
    )
}

struct GatewayKnowsNoHeaderKeys;

impl Fault for GatewayKnowsNoHeaderKeys {
    fn name(&self) -> &'static str {
        "gateway-knows-no-header-keys"
    }

    fn admitted(&self, incoming: &Incoming, admission: &mut Admission) {
        if incoming.key.is_some() && !admission.in_query {
            admission.refusal = Some(Reply {
                status: 401,
                headers: HeaderMap::new(),
                body: Content::Document(json!({ "statusCode": 401, "message": "Access denied" })),
            });
        }
    }
}
