//! The eight stages in their order.
//!
//! Decides nothing itself.

use http::HeaderMap;

use super::Provider;
use super::authenticate::authenticate;
use super::decode::{Incoming, decode};
use super::problem::Problem;
use super::respond::{Content, Reply};

/// Answers one request.
pub(super) async fn handle(provider: &Provider, incoming: &Incoming) -> Reply {
    let problem = match authenticate(provider, incoming).outcome {
        Err(problem) => problem,
        Ok(_) => match decode(provider, incoming) {
            Err(problem) => problem,
            Ok(_) => Problem::unsupported("not served"),
        },
    };
    std::future::ready(()).await;
    let mut reply = Reply {
        status: problem.status,
        headers: HeaderMap::new(),
        body: Content::Document(problem.body()),
    };
    for fault in provider.faults() {
        fault.responded(incoming, &mut reply);
    }
    reply
}
