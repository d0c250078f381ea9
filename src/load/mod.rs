//! Load: requests at a rate, or by so many users, and what became of them in figures.
//!
//! The wire carries requests with as little processor time as can be, the pacer says when an open
//! profile wants the next one, the histograms take the times. A program is what scenarios are
//! compiled to, an attack is its users at work. The stock is what is there before.

pub mod attack;
pub mod health;
pub mod histogram;
mod limit;
pub mod merge;
pub mod pacer;
pub mod portion;
pub mod program;
pub mod schedule;
pub mod stock;
pub mod threshold;
pub mod wire;
