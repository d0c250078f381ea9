//! Load profiles: which scenarios, how many users or requests a second, for how long, and what must hold.
//!
//! Reads `load/*.yaml` of a suite as strictly as scenarios are read; sends nothing.

mod duration;
mod file;
mod key;
mod model;
mod read;
mod reader;
mod schema;
mod shape;
#[cfg(test)]
mod tests;
mod threshold;
mod unfit;

pub use duration::duration;
pub use file::LoadFile;
pub use model::{Arrival, Cost, Given, LoadProfile, Model, Pool, Shape, Share, Step, Throttled};
pub use schema::load_schema;
pub use threshold::{Comparison, Metric, Threshold, ThresholdError, Wrong};

pub(super) use file::profile_name;
#[cfg(test)]
use read::{Known, read};
#[cfg(test)]
pub(super) use unfit::unfit;

/// Names that only scenarios of the pack `load` know beside the built-in ones: what the engine supplies.
///
/// `batch` is a list of members (`[{ value: … }]`), `page` the `startIndex` of the next page.
pub const SUPPLIED: &[&str] = &["batch", "page"];

/// The pack of scenarios that load profiles alone use.
pub const PACK: &str = "load";
