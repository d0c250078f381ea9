//! The request path of load: one connection for each user, heads built once, bodies counted and bounded.
//!
//! Follows no redirect, keeps no cookie, sends nothing to another origin, judges nothing. Whatever
//! the target does, a request ends within the limits and in bounded memory.

mod alarm;
mod answer;
mod cause;
mod channel;
mod connection;
mod endpoint;
mod head;
mod one;
mod proxied;
mod reading;
mod request;
mod socket;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Moments, RequestId};
pub use cause::{Cause, Trouble};
pub use connection::Connection;
pub use endpoint::Endpoint;
pub use request::{BadRequest, Request};
