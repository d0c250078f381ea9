//! Scenarios compiled for load: what is sent is text with holes, what comes back is read only as far as need be.
//!
//! Sends nothing. The full set of a scenario's checks is kept for the few answers that are put to it.

mod compile;
mod expect;
mod full;
mod memory;
mod model;
mod outcome;
mod parts;
mod request;
mod restrict;

pub use compile::{Kit, compile};
pub use full::{Bench, Breach, broken};
pub use memory::Memory;
pub use model::{Effect, PARTS, Program, Routine, Setup, Statuses, Step};
pub use outcome::{Outcome, Wrong};
pub use request::Unsendable;
pub use restrict::{Existing, Leave};
