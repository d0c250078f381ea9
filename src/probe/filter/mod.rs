//! Filters: what a target selects against what the reference evaluator says of what it shows.

mod blame;
mod draw;
mod law;
mod learn;
mod query;
mod refusals;

pub(super) use law::Law;
pub(super) use refusals::Refusals;
