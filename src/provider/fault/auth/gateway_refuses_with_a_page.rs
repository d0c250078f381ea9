//! The gateway sends whoever has no key to the portal of developers.

use http::{HeaderMap, HeaderValue, header};

use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::gateway::Admission;
use crate::provider::respond::{Content, Reply};

pub(super) fn declare() -> Declaration {
    Declaration::new(
        "A gateway answers a call without its key with a page",
        GatewayRefusesWithAPage,
    )
}

struct GatewayRefusesWithAPage;

impl Fault for GatewayRefusesWithAPage {
    fn name(&self) -> &'static str {
        "gateway-refuses-with-a-page"
    }

    fn admitted(&self, _incoming: &Incoming, admission: &mut Admission) {
        if admission.refusal.is_some() {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
            admission.refusal = Some(Reply {
                status: 404,
                headers,
                body: Content::Bytes("<html><body>Sign up for a key.</body></html>".into()),
            });
        }
    }
}
