//! PUT: what a target makes of a replacement against what the reference application of it holds to be fair.

mod blame;
mod draw;
mod example;
mod law;
mod verdict;

pub(super) use blame::COVERS;
pub(super) use law::Law;
pub(super) use verdict::{Course, Said, same};
