//! Resources that are there before a run: seeded by number with a manifest, or told of in a file.
//!
//! Seeding creates what a plan says, by bulk requests where the target offers them, and can be taken
//! up again after a kill: the manifest names every block before it is sent. Nothing here removes
//! what the manifest does not say is ours.

mod bulk;
mod file;
mod labour;
mod name;
mod person;
mod phase;
mod reap;
mod resolve;
mod single;
mod sow;
mod stencil;
mod trial;

pub use file::{BadFile, Told, read};
pub use labour::{Glimpse, Ground, Witness};
pub use reap::reap;
pub use sow::{Halted, Part, Sown, sow};
pub use stencil::{Stencils, Unfit};
