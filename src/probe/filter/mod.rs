//! Filters: what a target selects against what the reference evaluator says of what it shows.

mod algebra;
mod asked;
mod blame;
mod draw;
mod law;
mod learn;
mod operand;
mod query;
mod refusals;
mod replay;
mod row;
mod screen;

pub(super) use algebra::Algebra;
pub(super) use law::Law;
pub(super) use refusals::Refusals;
