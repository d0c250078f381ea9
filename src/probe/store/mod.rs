//! The whole store: sequences of operations on users and groups against a model of what they leave.

mod draw;
mod judge;
mod law;
mod many;
mod model;
mod play;
mod proof;
mod request;
mod shop;
mod step;

pub(super) use law::Law;
