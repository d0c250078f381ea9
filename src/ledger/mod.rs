//! What the run may have left in a target: journal, write guard, clean-up.
//!
//! The journal is written before a create is sent, so that nothing is forgotten, not even after
//! SIGKILL. The guard is a [`Session`](crate::session::Session) over a session: it lets writes pass
//! for resources that are provably ours, and refuses all others. Nothing here holds a secret.

mod adopt;
mod book;
mod bulk;
pub mod cleanup;
mod find;
mod guard;
mod journal;
mod line;
mod replay;
mod sown;
mod space;

pub use adopt::id_of_location;
pub use book::{Fate, Unresolved};
pub use cleanup::{Leftover, Options, Swept, cleanup};
pub use guard::{Guard, Policy};
pub use journal::Ledger;
pub use line::Head;
pub use replay::{LedgerError, default_path, open_journals};
pub use sown::{Made, Manifest, Number, Seeding};

#[cfg(test)]
mod tests;
