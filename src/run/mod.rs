//! The run: from scenarios and a session to a record.
//!
//! Never writes to the terminal and knows nothing of arguments; whoever calls it hands over
//! the session, the plan and a sink of events.

mod conduct;
pub mod execute;
pub mod expectation;
mod given;
mod judge;
mod jury;
mod kept;
mod lag;
mod measure;
mod obstacle;
pub mod outcome;
pub mod plan;
pub mod preflight;
mod probe;
mod ran;
pub mod recorder;
pub mod rig;
mod scenario;
pub mod stop;
pub mod tally;
mod walk;

pub use conduct::{Finished, Inputs, Sweep, offers, run};
pub use outcome::Reason;
pub use plan::Plan;
pub use probe::Shelf;
pub use recorder::Sink;
pub use stop::Stop;
