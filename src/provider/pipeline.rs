//! The eight stages in their order, and what is answered before them.
//!
//! Decides nothing itself.

use super::Provider;
use super::apply::apply;
use super::authenticate::authenticate;
use super::bulk;
use super::commit::{self, Ending};
use super::decode::{Entrance, Incoming, decode};
use super::gateway;
use super::plan::{Action, Plan, plan};
use super::problem::Problem;
use super::represent::{Represented, represent, represent_write};
use super::respond::{Reply, headless, respond};
use super::select::select;
use super::token;

/// How often a write is tried on a resource that keeps changing under it.
const ATTEMPTS: usize = 1_000;

/// Answers one request.
pub(super) async fn handle(provider: &Provider, incoming: &Incoming) -> Reply {
    let by_itself = match (incoming.entrance, &provider.settings().oauth) {
        (Entrance::TokenEndpoint, Some(oauth)) => Some(token::answer(provider, incoming, oauth)),
        (Entrance::Gateway, _) => gateway::admit(provider, incoming),
        _ => None,
    };
    if let Some(reply) = by_itself {
        return headless(incoming, reply);
    }
    let outcome = answer(provider, incoming).await;
    respond(provider, incoming, outcome)
}

async fn answer(provider: &Provider, incoming: &Incoming) -> Result<Represented, Problem> {
    let principal = authenticate(provider, incoming).outcome?;
    let decoded = decode(provider, incoming)?;
    let plan = plan(provider, principal, decoded)?;
    match &plan.action {
        Action::Bulk(job) => bulk::run(provider, &plan, job).await,
        _ => execute(provider, &plan).await,
    }
}

/// Stages 4 to 7. A write whose resource changed between select and commit starts over.
///
/// # Errors
/// With what the request is refused for.
pub(super) async fn execute(provider: &Provider, plan: &Plan) -> Result<Represented, Problem> {
    for _ in 0..ATTEMPTS {
        let selection = select(provider, plan)?;
        let Some(applied) = apply(provider, plan, &selection) else {
            return represent(provider, plan, &selection);
        };
        let refused = applied.problem.clone();
        let Some(change) = commit::prepare(provider, plan, &applied) else {
            return Err(refused.unwrap_or_else(|| Problem::new(500, "there is nothing to commit")));
        };
        for fault in provider.faults() {
            if let Some(window) = fault.window(plan) {
                window.await;
            }
        }
        let committed = match commit::commit(provider, plan, change) {
            Ending::Stale => continue,
            Ending::Decided(committed) => committed,
        };
        if let Some(problem) = refused.or(committed.problem) {
            return Err(problem);
        }
        return Ok(represent_write(provider, plan, committed.after.as_ref()));
    }
    Err(Problem::new(409, "the resource keeps changing"))
}
