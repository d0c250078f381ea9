//! What became of requests, in figures: three digits, microseconds, added up exactly.
//!
//! Each user writes samples into a buffer of its own; once a second the collector swaps the buffers
//! and takes the samples into histograms by operation and by second. Memory grows with the rate and
//! with the seconds, never with the requests.

mod collector;
mod log;
mod recorder;
mod sample;
mod second;
mod tally;

#[cfg(test)]
mod tests;

pub use collector::{Collector, Figures, Gauges};
pub use log::Log;
pub use recorder::{Recorder, Recorders};
pub use sample::{Ending, Sample};
pub use tally::per_second;
