//! What a run leaves behind: its record, the outcome of each case, the verdict of each pack.
//!
//! Reports are pure functions of a saved [`RunRecord`]. Nothing here sends, prints or decides what to run.

pub mod assemble;
pub mod conversation;
pub mod event;
pub mod evidence;
pub mod load;
pub mod normalise;
pub mod outcome;
pub mod readiness;
pub mod revocation;
pub mod run_record;
pub mod schema;
pub mod stream;
pub mod verdict;

pub use assemble::{Assembler, replay};
pub use conversation::{Conversation, Unreadable};
pub use event::Event;
pub use load::LoadRecord;
pub use normalise::normalise;
pub use readiness::Readiness;
pub use revocation::Revocation;
pub use run_record::*;
