//! The second key was never deployed.

use http::HeaderMap;
use serde_json::json;

use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::gateway::{Admission, Found};
use crate::provider::respond::{Content, Reply};

pub(super) fn declare() -> Declaration {
    Declaration::new("A gateway knows one of its two keys", GatewayKnowsOneKey)
}

struct GatewayKnowsOneKey;

impl Fault for GatewayKnowsOneKey {
    fn name(&self) -> &'static str {
        "gateway-knows-one-key"
    }

    fn admitted(&self, _incoming: &Incoming, admission: &mut Admission) {
        if admission.key == Found::Second {
            admission.refusal = Some(Reply {
                status: 401,
                headers: HeaderMap::new(),
                body: Content::Document(json!({ "statusCode": 401, "message": "Access denied" })),
            });
        }
    }
}
