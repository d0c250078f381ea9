//! Bulk requests: what they leave against what their operations leave one by one.

mod answer;
mod draw;
mod example;
mod judge;
mod law;
mod proof;
mod shelf;

pub(super) use answer::{Part, in_order, parts};
pub(super) use law::Law;
