//! The attack: users who carry out a program, by themselves or by a schedule, and what is watched meanwhile.
//!
//! goose launches the users and runs their transactions; requests, times and counts are ours. One
//! attack at a time in a process. What is created is journalled before, and removed afterwards.

mod again;
mod barrier;
mod driver;
mod ending;
mod field;
mod inputs;
mod pool;
mod rising;
mod run;
mod schedule;
mod seen;
mod send;
mod sweep;
mod user;
mod watch;

pub use driver::silence;
pub use field::{Halt, Stop};
pub use inputs::{Finished, Inputs, Trouble};
pub use pool::Stock;
pub use run::run;
pub(in crate::load) use send::retry_after;
pub use watch::{Glimpse, Progress};
