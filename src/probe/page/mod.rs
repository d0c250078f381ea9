//! Pages: whatever their size, one after the other they show each match once.

mod example;
mod ground;
mod law;
mod replay;
mod walk;
mod wrong;

pub(super) use law::Law;
