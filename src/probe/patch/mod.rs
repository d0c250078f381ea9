//! PATCH: what a target stores and refuses against what the reference application of the operations holds to
//! be fair.

mod blame;
mod draw;
mod example;
mod law;

pub(super) use law::Law;
