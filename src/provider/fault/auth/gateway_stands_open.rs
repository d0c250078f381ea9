//! The gateway asks for no key.

use crate::provider::decode::Incoming;
use crate::provider::fault::{Declaration, Fault};
use crate::provider::gateway::Admission;

pub(super) fn declare() -> Declaration {
    Declaration::new("A gateway lets in whoever comes", GatewayStandsOpen)
}

struct GatewayStandsOpen;

impl Fault for GatewayStandsOpen {
    fn name(&self) -> &'static str {
        "gateway-stands-open"
    }

    fn admitted(&self, _incoming: &Incoming, admission: &mut Admission) {
        admission.refusal = None;
    }
}
